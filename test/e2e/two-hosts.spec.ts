import { afterEach, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { IngestLease, type Liveness } from '../../src/index.js';
import { startBroker } from '../support/broker.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

/** Default of the lease: the longest a holder that is gone keeps it. */
const TTL_MS = 6_000;
const MATCH = 'shared';

async function startHost(instance: number, databaseUrl: string, mqttUrl: string): Promise<RunningHost> {
  const before = process.env.NODE_APP_INSTANCE;
  process.env.NODE_APP_INSTANCE = String(instance);
  try {
    return await startExampleHost({ databaseUrl, mqttUrl });
  } finally {
    if (before === undefined) delete process.env.NODE_APP_INSTANCE;
    else process.env.NODE_APP_INSTANCE = before;
  }
}

const leaseOf = (host: RunningHost) => host.app.get(IngestLease, { strict: false });

async function feedOf(host: RunningHost) {
  return ((await (await fetch(`${host.url}/health`)).json()) as Liveness).feed;
}

const takesTheFeed = (host: RunningHost, what: string) =>
  eventually(async () => (await feedOf(host))?.subscribed, { timeoutMs: 60_000, what });

describe('two hosts on one database and one broker', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function begin() {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    const broker = await startBroker();
    cleanups.push(() => broker.stop());
    const gate = new TcpGate(new URL(database.url));
    await gate.open();
    cleanups.push(() => gate.shut());
    const first = await startHost(0, gate.url, broker.url);
    cleanups.push(() => first.close());
    await takesTheFeed(first, 'the first host to take the feed');
    const second = await startHost(1, database.url, broker.url);
    cleanups.push(() => second.close());
    await seedMatch(database.url, MATCH);
    const publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    cleanups.push(() => publisher.endAsync());
    const kickoffS = Math.floor(Date.now() / 1000) - 60;
    const publish = (goals: number) =>
      publisher.publishAsync(
        PROVIDER_TOPIC,
        JSON.stringify([MATCH, 2, [goals, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickoffS]),
      );
    const shows = (goals: number) =>
      eventually(
        async () => {
          const [row] = await rowsOf(database.url, 'SELECT home_score_display AS home FROM ts_matches');
          return row?.home === goals;
        },
        { timeoutMs: 30_000, what: `the score ${goals}-0` },
      );
    return { database, broker, gate, first, second, publish, shows };
  }

  it('one is connected, the other stands by and follows at once when the first is closed', async () => {
    const { broker, first, second, publish, shows } = await begin();
    await publish(1);
    await shows(1);
    expect(await feedOf(second)).toMatchObject({ connected: false, messages_60s: 0 });
    expect(leaseOf(second).term).toBeNull();
    // ours and the publisher's
    expect(broker.aedes.connectedClients).toBe(2);

    const urlOf = (host: typeof first) => `${host.url.replace('http', 'ws')}/ws`;
    const client = await WsTestClient.connect(urlOf(first));
    cleanups.push(() => client.close());
    const fromMs = performance.now();
    await first.close();
    await takesTheFeed(second, 'the second host to take the feed');
    console.info(`takeover after a close: ${Math.round(performance.now() - fromMs)} ms`);
    expect(leaseOf(second).term?.fence).toBe(2);

    // who comes to the second host hears what the first one committed, with its version
    await eventually(() => client.closeCode !== undefined, { what: 'the client of the first host to be told' });
    const url = urlOf(second);
    const again = await WsTestClient.connect(url);
    cleanups.push(() => again.close());
    expect(await again.next('GOAL')).toMatchObject({ matchId: MATCH, homeScore: 1, version: 1 });
    await publish(2);
    await shows(2);
    await eventually(() => again.ofType('GOAL').length === 2, { what: 'the second goal' });
    const late = await WsTestClient.connect(url);
    cleanups.push(() => late.close());
    await eventually(() => late.ofType('GOAL').length === 2, { what: 'both goals, to one who comes later' });
    expect(late.ofType('GOAL').map(({ version }) => version)).toEqual([1, 2]);
  }, 240_000);

  it('a holder without a database is followed within the ttl, writes nothing more, and stands by when it is back', async () => {
    const { database, gate, first, second, publish, shows } = await begin();
    await publish(1);
    await shows(1);

    await gate.shut();
    const fromMs = performance.now();
    await publish(2);
    await takesTheFeed(second, 'the second host to take the feed');
    const tookMs = Math.round(performance.now() - fromMs);
    console.info(`takeover after the loss of the database: ${tookMs} ms, ttl ${TTL_MS} ms`);
    expect(leaseOf(first).confirmed).toBe(false);
    await eventually(async () => (await feedOf(first))?.connected === false, {
      timeoutMs: 30_000,
      what: 'the first host to be disconnected by the broker',
    });
    await publish(3);
    await shows(3);

    await gate.open();
    await eventually(() => leaseOf(first).term === null, { timeoutMs: 60_000, what: 'the first host to stand by' });
    expect(await feedOf(first)).toMatchObject({ connected: false });
    expect(await feedOf(second)).toMatchObject({ connected: true, subscribed: true });
    await publish(4);
    await shows(4);
    const journal = await rowsOf(
      database.url,
      `SELECT version::int, after -> 'home' ->> 0 AS home FROM livescore_journal ORDER BY version`,
    );
    expect(journal).toEqual([
      { version: 1, home: '1' },
      { version: 2, home: '3' },
      { version: 3, home: '4' },
    ]);

    await second.close();
    await takesTheFeed(first, 'the first host to take the feed again');
    expect(leaseOf(first).term?.fence).toBe(3);
    await publish(5);
    await shows(5);
  }, 240_000);
});
