// Nest's own MQTT server with a handler that does nothing: what the transport alone can take.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { openScreen } from './no-screen.js';
import { type RunningSubject, runSubject, type SubjectSettings, subjectSettings } from './subject.js';

const settings = subjectSettings();
let received = 0;

@Controller()
class EmptyController {
  @EventPattern<string>(settings.topic)
  handle(): void {
    received++;
  }
}

@Module({ controllers: [EmptyController] })
class EmptyModule {}

async function start({ mqttUrl, qos }: SubjectSettings): Promise<RunningSubject> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(EmptyModule, {
    transport: Transport.MQTT,
    options: { url: mqttUrl, subscribeOptions: { qos } },
    logger: ['warn', 'error'],
  });
  await app.listen();
  const { screen, close } = await openScreen();
  return {
    screen,
    counts: () => ({ received, absorbed: received, rows: 0, refused: 0 }),
    async stop() {
      close();
      await app.close();
    },
  };
}

await runSubject(start);
