import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connectAsync, type MqttClient } from 'mqtt';
import {
  CommittedChanges,
  connectLiveScoreFeed,
  FeedFreshness,
  FeedMonitor,
  type FeedStateChanged,
  HealthReport,
  LiveScoreModule,
  type ScoreCommitted,
} from '../../src/index.js';
import { type ProviderStandIn, startProviderStandIn } from '../../src/testing/index.js';
import { brokerForSpec, uniqueTopic } from '../mqtt-ingest/ingest-app.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';

guardAgainstLeaks();

const ZERO = [0, 0, 0, 0, 0, 0, 0];
const REST_LAG_MS = 1_000;

describe('the feed over a broker that keeps nothing', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  const topic = uniqueTopic();
  const kickoffS = Math.floor(Date.now() / 1000) - 600;
  let app: INestApplication;
  let gate: TcpGate;
  let provider: ProviderStandIn;
  let publisher: MqttClient;
  let databaseUrl: string;
  let commits: ScoreCommitted[];
  let story: FeedStateChanged[];

  beforeEach(async () => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    databaseUrl = database.url;
    for (const matchId of ['m1', 'm2', 'minor']) await seedMatch(databaseUrl, matchId);
    await rowsOf(databaseUrl, `UPDATE ts_matches SET status_id = 2 WHERE external_id = 'minor'`);
    const broker = await brokerForSpec();
    cleanups.push(() => broker.stop());
    gate = new TcpGate(new URL(broker.url));
    await gate.open();
    cleanups.push(() => gate.shut());
    provider = await startProviderStandIn();
    cleanups.push(() => provider.close());
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    cleanups.push(() => publisher.endAsync());
    commits = [];
    story = [];
    app = await NestFactory.create(
      LiveScoreModule.forRoot({
        mqtt: { url: gate.url, topics: [topic], reconnectMs: 50 },
        postgres: { connection: databaseUrl },
        provider: { baseUrl: provider.url, user: provider.user, secret: provider.secret },
        writer: { restLagMs: REST_LAG_MS },
        // a busy machine is neither behind nor silent
        recovery: { minIntervalMs: 1_000, lagMs: 600_000, silenceMs: 600_000, noFeedAfterMs: 3_600_000 },
      }),
      { logger: false },
    );
    cleanups.push(() => app.close());
    app.get(CommittedChanges, { strict: false }).batches$.subscribe((batch) => {
      for (const change of batch) if (change.kind === 'score') commits.push(change);
    });
    app.get(FeedMonitor, { strict: false }).changes$.subscribe((change) => story.push(change));
    await connectLiveScoreFeed(app);
    await app.init();
    await becomes('live');
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    Logger.overrideLogger(['log', 'warn', 'error', 'fatal']);
  });

  async function becomes(state: string): Promise<void> {
    const monitor = app.get(FeedMonitor, { strict: false });
    await eventually(() => monitor.state === state, { timeoutMs: 25_000, what: `the feed to be ${state}` });
  }

  const score = (matchId: string, goals: number) => [matchId, 2, [goals, 0, 0, 0, 0, 0, 0], ZERO, kickoffS];

  async function push(matchId: string, goals: number): Promise<void> {
    await publisher.publishAsync(topic, JSON.stringify(score(matchId, goals)));
  }

  const committed = (matchId: string, goals: number) =>
    eventually(() => commits.find((commit) => commit.matchId === matchId && commit.after.home[0] === goals), {
      timeoutMs: 25_000,
      what: `${goals} goals of ${matchId}`,
    });

  it('gets a goal of the gap back from the provider, as old news', async () => {
    await push('m1', 1);
    await committed('m1', 1);
    await push('m2', 0);
    await committed('m2', 0);

    await gate.shut();
    await becomes('down');
    await push('m1', 2);
    // the first answer comes out of the provider's cache and knows nothing of the goal
    provider.behave({ cacheAgeMs: 60_000 });
    const { requests } = provider;
    provider.put({ id: 'm1', score: score('m1', 2) });
    provider.put({ id: 'm2', score: score('m2', 0) });
    await gate.open();
    await eventually(() => provider.requests > requests, { timeoutMs: 25_000, what: 'the first question' });
    await becomes('recovering');
    provider.behave({});

    const found = await committed('m1', 2);
    expect(found).toMatchObject({ source: 'api', catchUp: true, version: 2 });
    expect(found?.events.map(({ type }) => type)).toContain('goal');
    await becomes('live');
    expect(story.map(({ to, reason }) => `${to}: ${reason}`)).toEqual([
      'recovering: start',
      'live: recovered',
      'down: connection-lost',
      'recovering: reconnect',
      'live: recovered',
    ]);
    const journal = await rowsOf(
      databaseUrl,
      `SELECT version::int, source, catch_up FROM livescore_journal WHERE match_id = 'm1' ORDER BY version`,
    );
    expect(journal).toEqual([
      { version: 1, source: 'mqtt', catch_up: false },
      { version: 2, source: 'api', catch_up: true },
    ]);
    expect(commits.filter(({ matchId }) => matchId === 'm2')).toHaveLength(1);
    const { accounting } = app.get(HealthReport, { strict: false }).liveness();
    expect(accounting).toMatchObject({ inFlight: 0, unaccounted: 0 });

    // the feed goes on from there
    await push('m1', 3);
    expect(await committed('m1', 3)).toMatchObject({ source: 'mqtt', catchUp: false, version: 3 });
  });

  it('shows a match that is being played without a feed as such', async () => {
    await push('m1', 1);
    await committed('m1', 1);
    const freshness = app.get(FeedFreshness, { strict: false });
    const matches = ['m1', 'minor', 'm2', 'nobody'];
    expect(matches.map((matchId) => freshness.of(matchId))).toEqual(['live', 'no-feed', null, null]);
    const { feed } = app.get(HealthReport, { strict: false }).liveness();
    expect(feed).toMatchObject({ state: 'live', live_matches: 2, no_feed: 1, recovery: { state: 'none' } });
  });
});
