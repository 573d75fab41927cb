// The package: BroadcastModule in an application of Nest, told what was committed as the writer tells it.
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BroadcastModule } from '../../../src/broadcast/broadcast.module.js';
import { Audience } from '../../../src/broadcast/ports/audience.js';
import { Commits } from './commits.js';
import { ENDPOINT, runServer } from './run-server.js';

/** Whoever comes is let in: all clients have one address, and connect at once. */
const LIMITS = { maxClients: 20_000, handshakesPerSecond: 100_000 };

@Module({ imports: [BroadcastModule.forRoot(LIMITS)] })
class HostModule {}

const app = await NestFactory.create(HostModule, { logger: ['warn', 'error'] });
// both adapters of Nest pass the options on; its types know numbers and texts
await app.listen(ENDPOINT as never);
const audience = app.get(Audience, { strict: false });
const commits = new Commits();

runServer({
  port: (app.getHttpServer().address() as AddressInfo).port,
  broadcast() {
    audience.tell([commits.next()]);
  },
  close: () => app.close(),
});
