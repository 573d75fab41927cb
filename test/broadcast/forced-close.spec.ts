import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const ADAPTERS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

describe.each(['express', 'fastify'] as const)('a host on %s with forceCloseConnections', (platform) => {
  it('says goodbye to the clients before it closes', async () => {
    const built = await Test.createTestingModule({ imports: [BroadcastModule.forRoot()] }).compile();
    const app = built.createNestApplication(ADAPTERS[platform](), { logger: false, forceCloseConnections: true });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const live = await WsTestClient.connect(`ws://127.0.0.1:${port}/ws?protocol=2`);
    const silent = await WsTestClient.connect(`ws://127.0.0.1:${port}/ws`);
    await app.close();
    await eventually(() => live.closeCode && silent.closeCode, { what: 'both to be closed' });
    expect([live.closeCode, silent.closeCode]).toEqual([1001, 1001]);
    expect(live.frames.at(-1)).toMatchObject({ type: 'GOODBYE', reason: 'shutdown' });
  });
});
