import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { BroadcastStats } from '../../src/broadcast/ports/broadcast-stats.js';
import { IngestLease } from '../../src/contracts/ingest-lease.js';
import { eventually } from '../support/eventually.js';
import { FakeLease } from '../support/fake-lease.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

let apps: INestApplication[] = [];
afterEach(async () => {
  for (const app of apps) await app.close();
  apps = [];
});

/** A process with a lease; returns host and port. */
async function startProcess(lease: FakeLease): Promise<string> {
  @Global()
  @Module({ providers: [{ provide: IngestLease, useValue: lease }], exports: [IngestLease] })
  class LeaseModule {}
  const built = await Test.createTestingModule({ imports: [LeaseModule, BroadcastModule.forRoot({})] }).compile();
  const app = built.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  apps.push(app);
  return `127.0.0.1:${app.getHttpServer().address().port}`;
}

/** What an upgrade is answered. */
function upgrade(address: string): Promise<{ status: number | undefined; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const asking = request(`http://${address}/ws`, { headers });
    asking.on('response', ({ statusCode, headers: answered }) => {
      resolve({ status: statusCode, retryAfter: answered['retry-after'] });
    });
    asking.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, retryAfter: undefined });
    });
    asking.on('error', reject).end();
  });
}

const REFUSED = { status: 503, retryAfter: '1' };

describe('a process without the lease', () => {
  it('refuses to serve clients and says when to come back, until it has the lease', async () => {
    const lease = new FakeLease();
    const address = await startProcess(lease);
    expect(await upgrade(address)).toEqual(REFUSED);
    expect(apps[0]?.get(BroadcastStats).counts().refusedConnections).toBe(1);
    lease.take(1);
    const client = await WsTestClient.connect(`ws://${address}/ws`);
    await client.close();
  });

  it('sends those who are connected away when it loses the lease, to the process that has it', async () => {
    const [one, other] = [new FakeLease(1), new FakeLease()];
    const addresses = [await startProcess(one), await startProcess(other)] as const;
    const client = await WsTestClient.connect(`ws://${addresses[0]}/ws`);
    one.lose();
    other.take(2);
    await eventually(() => client.closeCode !== undefined, { what: 'the client to be sent away' });
    expect(client.closeCode).toBe(1013);
    expect(await upgrade(addresses[0])).toEqual(REFUSED);
    const again = await WsTestClient.connect(`ws://${addresses[1]}/ws`);
    await again.close();
    one.take(3);
    const back = await WsTestClient.connect(`ws://${addresses[0]}/ws`);
    await back.close();
  });
});
