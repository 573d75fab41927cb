import { afterEach, describe, expect, it } from '@jest/globals';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { Audience } from '../../src/broadcast/ports/audience.js';
import { BroadcastBus } from '../../src/broadcast/ports/broadcast-bus.js';
import { BroadcastStats } from '../../src/broadcast/ports/broadcast-stats.js';
import { IngestLease } from '../../src/contracts/ingest-lease.js';
import { InMemoryBusHub } from '../../src/testing/index.js';
import { scoreCommitted } from '../support/committed-changes.js';
import { eventually } from '../support/eventually.js';
import { FakeLease } from '../support/fake-lease.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

let apps: INestApplication[] = [];
const hub = new InMemoryBusHub();
afterEach(async () => {
  for (const app of apps) await app.close();
  apps = [];
  hub.close();
});

/** A process with a lease, on the bus. */
async function startProcess(lease: FakeLease) {
  @Global()
  @Module({ providers: [{ provide: IngestLease, useValue: lease }], exports: [IngestLease] })
  class LeaseModule {}
  const bus = hub.join();
  bus.connect();
  const built = await Test.createTestingModule({ imports: [LeaseModule, BroadcastModule.forRoot({})] })
    .overrideProvider(BroadcastBus)
    .useValue(bus)
    .compile();
  const app = built.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  apps.push(app);
  return { app, url: `ws://127.0.0.1:${app.getHttpServer().address().port}/ws` };
}

const goal = (version: number) => scoreCommitted({ version }, [{ type: 'score-changed', homeScore: 1, awayScore: 1 }]);

describe('a process without the lease', () => {
  it('serves clients what the one that has it commits', async () => {
    const [holder, standby] = [await startProcess(new FakeLease(1)), await startProcess(new FakeLease())];
    const [silent, asking] = [await WsTestClient.connect(standby.url), await WsTestClient.connect(standby.url)];
    asking.send({ type: 'SUBSCRIBE', all: true });
    await asking.next('SNAPSHOT');
    holder.app.get(Audience).tell([goal(12)]);
    expect(await silent.next('SCORE_CHANGE')).toMatchObject({ version: 12, epoch: 1 });
    expect(await asking.next('CHANGE')).toMatchObject({ previous: '1.11', position: '1.12' });
    expect(standby.app.get(BroadcastStats).counts().refusedConnections).toBe(0);
    await silent.close();
    await asking.close();
  });

  it('keeps its clients when it loses the lease and when it takes it, and they hear each change once', async () => {
    const [lease, other] = [new FakeLease(1), new FakeLease()];
    const [one, two] = [await startProcess(lease), await startProcess(other)];
    const clients = await Promise.all([one, two].map(({ url }) => WsTestClient.connect(`${url}?protocol=2`)));
    for (const client of clients) {
      client.send({ type: 'SUBSCRIBE', all: true });
      await client.next('SNAPSHOT');
    }
    const both = (count: number) =>
      eventually(() => clients.every((client) => client.ofType('CHANGE').length === count), { what: 'each change' });
    one.app.get(Audience).tell([goal(12)]);
    await both(1);
    lease.lose();
    other.take(2);
    two.app.get(Audience).tell([goal(13)]);
    await both(2);
    for (const client of clients) {
      expect(client.closeCode).toBeUndefined();
      expect(client.ofType('CHANGE').map(({ previous, position }) => [previous, position])).toEqual([
        ['1.11', '1.12'],
        ['1.12', '1.13'],
      ]);
      await client.close();
    }
  });
});
