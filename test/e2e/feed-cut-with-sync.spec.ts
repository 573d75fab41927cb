import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC, readEnvironment } from '../../examples/host/environment.js';
import { type RunningHost, startHost } from '../../examples/host/start-host.js';
import { FeedMonitor } from '../../src/index.js';
import { type ProviderStandIn, startProviderStandIn } from '../../src/testing/index.js';
import { startBroker } from '../support/broker.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const MATCHES = ['cut-a', 'cut-b', 'cut-c'] as const;
type MatchId = (typeof MATCHES)[number];
/** An answer may be that old: the shortest that a host can set, in place of half a minute. */
const REST_LAG_MS = 1_000;
const REQUESTS_PER_S = 5;
/** Far above the promise, and what is live is asked for every 10 s: this machine may be busy. */
const RIGHT_WITHIN_MS = 60_000;

describe('a feed that is cut while the provider is asked for everything live', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  const kickoffS = Math.floor(Date.now() / 1000) - 1_200;
  let databaseUrl: string;
  let gate: TcpGate;
  let provider: ProviderStandIn;
  let publisher: MqttClient;
  let host: RunningHost;
  let client: WsTestClient;
  /** what is true of each match: goals of both sides */
  const truth = new Map<MatchId, readonly [number, number]>();

  beforeEach(async () => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    databaseUrl = database.url;
    for (const matchId of MATCHES) await seedMatch(databaseUrl, matchId);
    const broker = await startBroker();
    cleanups.push(() => broker.stop());
    gate = new TcpGate(new URL(broker.url));
    await gate.open();
    cleanups.push(() => gate.shut());
    provider = await startProviderStandIn();
    cleanups.push(() => provider.close());
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    cleanups.push(() => publisher.endAsync());
    const environment = readEnvironment({
      DATABASE_URL: databaseUrl,
      MQTT_URL: gate.url,
      PORT: '0',
      REST_LAG_MS: String(REST_LAG_MS),
      RECOVERY_INTERVAL_MS: '1000',
      LIVESCORE_SYNC: 'on',
      THESPORTS_API_URL: provider.url,
      THESPORTS_API_USER: provider.user,
      THESPORTS_API_SECRET: provider.secret,
      THESPORTS_API_RATE: String(REQUESTS_PER_S),
    });
    host = await startHost(environment, { logLevels: [] });
    cleanups.push(() => host.close());
    client = await WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws`);
    cleanups.push(() => client.close());
    await becomes('live');
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  const monitor = () => host.app.get(FeedMonitor, { strict: false });
  const becomes = (state: string) =>
    eventually(() => monitor().state === state, { timeoutMs: 60_000, what: `the feed to be ${state}` });

  function tuple(matchId: MatchId) {
    const [home, away] = truth.get(matchId) ?? [0, 0];
    return [matchId, 2, [home, 0, 0, 0, 0, 0, 0], [away, 0, 0, 0, 0, 0, 0], kickoffS];
  }

  /** From now on this is true, and the provider knows. */
  function happens(matchId: MatchId, home: number, away: number): void {
    truth.set(matchId, [home, away]);
    provider.put({ id: matchId, score: [...tuple(matchId), ''] });
  }

  /** The feed says what is true. */
  const push = (matchId: MatchId) => publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify(tuple(matchId)));

  /** The feed says it before the provider knows: an answer may be older than what is pushed, and tells no news. */
  async function isTold(matchId: MatchId, home: number, away: number): Promise<void> {
    truth.set(matchId, [home, away]);
    await push(matchId);
    const what = `${matchId} ${home}-${away}`;
    await eventually(() => goals().includes(what), { what, timeoutMs: RIGHT_WITHIN_MS });
    happens(matchId, home, away);
  }

  async function areRight(): Promise<void> {
    await eventually(
      async () => {
        const rows = await rowsOf(
          databaseUrl,
          `SELECT external_id AS id, home_score_display AS home, away_score_display AS away FROM ts_matches`,
        );
        return rows.every(({ id, home, away }) => {
          const is = truth.get(id as MatchId);
          return is === undefined || (is[0] === home && is[1] === away);
        });
      },
      { timeoutMs: RIGHT_WITHIN_MS, what: `the rows to say ${JSON.stringify([...truth])}` },
    );
  }

  /** `cut-a 2-0 catch-up` */
  const goals = () =>
    client.ofType('GOAL').map(({ matchId, homeScore, awayScore, catchUp }) => {
      return `${String(matchId)} ${String(homeScore)}-${String(awayScore)}${catchUp === true ? ' catch-up' : ''}`;
    });

  it('goals of the cut are shown during it, and told once, as old news', async () => {
    for (const matchId of MATCHES) {
      happens(matchId, 0, 0);
      await push(matchId);
    }
    await isTold('cut-a', 1, 0);
    await areRight();

    await gate.shut();
    await becomes('down');
    happens('cut-a', 2, 0);
    happens('cut-b', 0, 1);
    await areRight();
    happens('cut-b', 1, 1);
    happens('cut-c', 0, 1);
    happens('cut-c', 0, 2);
    await areRight();
    expect(monitor().state).toBe('down');
    // and the last moments of it
    happens('cut-a', 2, 1);
    happens('cut-c', 0, 3);
    await gate.open();
    await eventually(() => monitor().state !== 'down', { timeoutMs: 60_000, what: 'the feed to come back' });
    await areRight();
    await becomes('live');

    for (const matchId of MATCHES) await push(matchId);
    await isTold('cut-b', 2, 1);
    await areRight();
    // one more round of the provider's answers, which say the same
    const { requests } = provider;
    await eventually(() => provider.requests > requests + 3, { timeoutMs: 60_000, what: 'further answers' });
    expect(goals().toSorted()).toEqual([
      'cut-a 1-0',
      'cut-a 2-0 catch-up',
      'cut-a 2-1 catch-up',
      'cut-b 0-1 catch-up',
      'cut-b 1-1 catch-up',
      'cut-b 2-1',
      'cut-c 0-1 catch-up',
      'cut-c 0-2 catch-up',
      'cut-c 0-3 catch-up',
    ]);
    expect(client.ofType('GOAL_CANCELLED')).toEqual([]);
  }, 240_000);
});
