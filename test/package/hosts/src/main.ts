import 'reflect-metadata';
import { connectLiveScoreFeed } from '@goalgpt/livescore';
import { NestFactory } from '@nestjs/core';
import { HostModule } from './host.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(HostModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  await connectLiveScoreFeed(app);
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}

void main();
