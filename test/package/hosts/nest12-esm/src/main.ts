import 'reflect-metadata';
import { connectLiveScoreFeed } from '@goalgpt/livescore';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { HostModule } from './host.module.js';

const app = await NestFactory.create<NestFastifyApplication>(HostModule, new FastifyAdapter(), {
  logger: ['error', 'warn'],
});
app.enableShutdownHooks();
await connectLiveScoreFeed(app);
await app.listen(Number(process.env.PORT), '127.0.0.1');
