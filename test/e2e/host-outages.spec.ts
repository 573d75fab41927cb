import { afterEach, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import type { Liveness } from '../../src/index.js';
import { startBroker } from '../support/broker.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';

guardAgainstLeaks();

async function healthOf(host: RunningHost): Promise<Liveness> {
  return (await (await fetch(`${host.url}/health`)).json()) as Liveness;
}

describe('the example host without its services', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function gate(target: string): Promise<TcpGate> {
    const one = new TcpGate(new URL(target));
    await one.open();
    cleanups.push(() => one.shut());
    return one;
  }

  it('starts without database and broker, says so, and works when they come', async () => {
    const database = await createTestDatabase({ platformSchema: false, migrate: false });
    cleanups.push(() => database.drop());
    const broker = await startBroker();
    cleanups.push(() => broker.stop());
    const [databaseGate, brokerGate] = [await gate(database.url), await gate(broker.url)];
    await databaseGate.shut();
    await brokerGate.shut();

    const host: RunningHost = await startExampleHost({ databaseUrl: databaseGate.url, mqttUrl: brokerGate.url });
    cleanups.push(() => host.close());
    const health = () => healthOf(host);
    expect(await health()).toMatchObject({ ok: true, feed: { connected: false, subscribed: false } });
    expect((await fetch(`${host.url}/api/matches/live`)).status).toBe(503);

    await databaseGate.open();
    await eventually(async () => (await fetch(`${host.url}/api/matches/live`)).status === 200, {
      timeoutMs: 30_000,
      what: 'the database to be used',
    });
    await brokerGate.open();
    await eventually(async () => (await health()).feed?.subscribed, { timeoutMs: 30_000, what: 'the feed' });

    await seedMatch(database.url, 'late');
    const publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    cleanups.push(() => publisher.endAsync());
    const kickoffS = Math.floor(Date.now() / 1000) - 60;
    const frame = ['late', 2, [1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickoffS];
    await publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify(frame));
    await eventually(
      async () => {
        const [row] = await rowsOf(database.url, `SELECT home_score_display AS home FROM ts_matches`);
        return row?.home === 1;
      },
      { timeoutMs: 30_000, what: 'the goal' },
    );
  });

  it('commits what came in while the database was away', async () => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    const broker = await startBroker();
    cleanups.push(() => broker.stop());
    const databaseGate = await gate(database.url);
    const host = await startExampleHost({ databaseUrl: databaseGate.url, mqttUrl: broker.url });
    cleanups.push(() => host.close());
    await takesTheFeed(host);
    await seedMatch(database.url, 'kept');
    const publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    cleanups.push(() => publisher.endAsync());
    const kickoffS = Math.floor(Date.now() / 1000) - 60;
    const publish = (home: number) =>
      publisher.publishAsync(
        PROVIDER_TOPIC,
        JSON.stringify(['kept', 2, [home, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickoffS]),
      );
    const home = async () => (await rowsOf(database.url, `SELECT home_score_display AS home FROM ts_matches`))[0]?.home;
    await publish(1);
    await eventually(async () => (await home()) === 1, { what: 'the first goal' });

    await databaseGate.shut();
    await publish(2);
    await eventually(async () => (await healthOf(host)).feed?.messages_60s === 2, {
      what: 'the second frame',
    });
    await databaseGate.open();
    await eventually(async () => (await home()) === 2, { timeoutMs: 30_000, what: 'the second goal' });
  });
});
