import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import type { Liveness } from '../../src/index.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

/** Ten minutes ago, at the begin of each test: each is over within the eleventh minute. */
let kickoffS: number;
const score = (id: string, home: number, away: number, status = 2) => [
  id,
  status,
  [home, 0, 0, 0, 1, 0, 0],
  [away, 0, 0, 0, 2, 0, 0],
  kickoffS,
];

describe('the example host, from broker to screen', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;
  let screen: WsTestClient;

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({
      databaseUrl: database.url,
      mqttUrl: broker.url,
      redisUrl: process.env.REDIS_URL ?? null,
    });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
  });

  afterAll(async () => {
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  beforeEach(async () => {
    screen = await WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws`);
    kickoffS = Math.floor(Date.now() / 1000) - 600;
  });

  afterEach(() => screen.close());

  const publish = (message: unknown) => publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify(message));
  const get = async (path: string): Promise<unknown> => (await fetch(host.url + path)).json();
  /** A commit waits for its cache for a moment only. */
  const isAnswered = (matchId: string, version: number) =>
    eventually(async () => ((await get(`/api/matches/${matchId}`)) as { version: number }).version === version, {
      what: `version ${version} of ${matchId} over REST`,
    });
  const frames = (matchId: string, ...types: string[]) =>
    screen.frames.filter((frame) => frame.matchId === matchId && types.includes(String(frame.type)));

  it('commits a goal to the row and the journal, answers it over REST and shows it once', async () => {
    await seedMatch(database.url, 'goal');
    await publish(score('goal', 0, 0));
    await eventually(() => frames('goal', 'MATCH_STATE_CHANGE').length === 1, { what: 'the kick-off' });
    await isAnswered('goal', 1);
    expect(await get('/api/matches/goal')).toMatchObject({ status: 2, homeScore: 0, awayScore: 0, version: 1 });

    const sentAtMs = Date.now();
    await publish(score('goal', 1, 0));
    await eventually(() => frames('goal', 'SCORE_CHANGE').length === 1, { what: 'the goal' });
    await publish(score('goal', 1, 0));

    const [row] = await rowsOf(
      database.url,
      `SELECT status_id, home_score_display, away_score_display, home_scores, last_update_source, score_version::int
         FROM ts_matches WHERE external_id = 'goal'`,
    );
    expect(row).toEqual({
      status_id: 2,
      home_score_display: 1,
      away_score_display: 0,
      home_scores: [1, 0, 0, 0, 1, 0, 0],
      last_update_source: 'mqtt',
      score_version: 2,
    });
    const journal = await rowsOf(
      database.url,
      `SELECT version::int, source FROM livescore_journal WHERE match_id = 'goal' ORDER BY version`,
    );
    expect(journal).toEqual([
      { version: 1, source: 'mqtt' },
      { version: 2, source: 'mqtt' },
    ]);
    const match = {
      externalId: 'goal',
      status: 2,
      homeTeam: 'goal home',
      awayTeam: 'goal away',
      homeLogo: null,
      awayLogo: null,
      homeScore: 1,
      awayScore: 0,
      minute: 11,
      minute_text: "11'",
      source: 'mqtt',
      version: 2,
      feed: 'live',
      clock: expect.objectContaining({ period: 'first-half', running: true, estimated: false }),
    };
    await isAnswered('goal', 2);
    expect(await get('/api/matches/goal')).toEqual(match);
    const isListed = async () => {
      expect(await get('/api/matches/live')).toContainEqual(match);
      return true;
    };
    await eventually(isListed, { what: 'the goal in the list' });

    const [goal] = frames('goal', 'GOAL');
    expect(goal).toMatchObject({
      homeScore: 1,
      awayScore: 0,
      version: 2,
      source: 'mqtt',
      optimistic: { homeScore: 1, awayScore: 0, minute: 11, minuteText: "11'", statusId: 2 },
    });
    expect(Number(goal?.receivedAt)).toBeGreaterThanOrEqual(sentAtMs);
    expect(frames('goal', 'GOAL', 'SCORE_CHANGE').map(({ type }) => type)).toEqual(['GOAL', 'SCORE_CHANGE']);
  });

  it('takes every envelope shape', async () => {
    const ids = ['a', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2', 'e'];
    for (const id of ids) await seedMatch(database.url, id);
    await publish(score('a', 1, 0));
    await publish({ id: 'b1', score: score('b1', 2, 0) });
    await publish({ id: 'b2', score: [score('b2', 3, 0)] });
    await publish([
      { id: 'c1', score: score('c1', 4, 0) },
      { id: 'c2', score: score('c2', 5, 0) },
    ]);
    await publish({ 0: { id: 'd1', score: score('d1', 6, 0) }, 1: { id: 'd2', score: score('d2', 7, 0) } });
    await publish({ id: 'e', score: score('e', 8, 0), stats: [{ type: 25, home: 57, away: 43 }], incidents: [] });

    const homeScores = () =>
      rowsOf(
        database.url,
        `SELECT external_id AS id, home_score_display AS home FROM ts_matches WHERE external_id = ANY($1) ORDER BY 1`,
        [ids],
      );
    const expected = ids.map((id, index) => ({ id, home: index + 1 }));
    await eventually(async () => JSON.stringify(await homeScores()) === JSON.stringify(expected), {
      what: 'the eight scores',
    });
  });

  it('shows the changes of one match in the order of their commits', async () => {
    await seedMatch(database.url, 'order');
    for (let home = 0; home <= 20; home += 1) {
      await publish(score('order', home, 0));
      // more than five goals in one commit would not all be told
      const isShown = () => frames('order', 'SCORE_CHANGE').at(-1)?.homeScore === home;
      if (home > 0 && home % 5 === 0) await eventually(isShown, { what: `${home}-0` });
    }
    const versions = frames('order', 'SCORE_CHANGE', 'MATCH_STATE_CHANGE').map(({ version }) => Number(version));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(frames('order', 'GOAL').map(({ homeScore }) => homeScore)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  it('survives payloads that are no frames, and writes none of them', async () => {
    await seedMatch(database.url, 'safe');
    for (const text of [
      '',
      'null',
      '{',
      '[]',
      '["safe"]',
      '["safe",2]',
      '{"id":"safe","score":["safe",2,null,null,0]}',
    ]) {
      await publisher.publishAsync(PROVIDER_TOPIC, text);
    }
    await publish(score('safe', 1, 1));
    await eventually(() => frames('safe', 'SCORE_CHANGE').length === 1, { what: 'the good frame' });
    await isAnswered('safe', 1);
    expect(await get('/api/matches/safe')).toMatchObject({ homeScore: 1, awayScore: 1, version: 1 });
  });

  it('answers health from live facts', async () => {
    await eventually(async () => ((await get('/health')) as Liveness).clients === 1, { what: 'earlier clients to go' });
    const health = (await get('/health')) as Liveness;
    expect(health).toMatchObject({
      ok: true,
      service: 'goalgpt-server',
      feed: { connected: true, subscribed: true, reconnects: 0 },
      clients: 1,
    });
    expect(health.feed?.messages_60s).toBeGreaterThan(0);
  });

  it('answers 404 for a match that it does not know', async () => {
    expect((await fetch(`${host.url}/api/matches/nobody`)).status).toBe(404);
  });

  it('serves the scoreboard page', async () => {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/scoreboard.js', 'text/javascript'],
      ['/scoreboard.css', 'text/css'],
    ]) {
      const answer = await fetch(host.url + path);
      expect(answer.headers.get('content-type')).toContain(type);
      expect((await answer.text()).length).toBeGreaterThan(100);
    }
  });
});
