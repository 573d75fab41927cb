import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MqttClient } from 'mqtt';
import pg from 'pg';
import { connectLiveScoreFeed, LiveScoreModule } from '../../src/index.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { MqttFeedStatus } from '../../src/mqtt-ingest/mqtt-feed-status.service.js';
import { RolloutState } from '../../src/rollout/index.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { brokerForSpec, publisher, uniqueTopic } from '../mqtt-ingest/ingest-app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { FEED_SAMPLES, payload } from '../support/payloads.js';
import { PlatformHandler, platformModule } from './platform-handler.js';

guardAgainstLeaks();

const MATCHES = Array.from({ length: 12 }, (_, n) => `m${n}`);
const MALFORMED = [
  'no json',
  '7',
  '{"results":1}',
  '[{"id":"m1","score":[1]},{"stats":[]}]',
  '[]',
  '{"id":"m1","stats":[]}',
];

describe("the platform's whole message handler, bound", () => {
  let database: TestDatabase;
  let broker: { url: string; stop(): Promise<void> };
  let sql: pg.Client;
  let platform: PlatformHandler;
  let app: INestApplication;
  let publish: MqttClient;
  const topic = uniqueTopic();
  const cached: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    broker = await brokerForSpec();
    sql = new pg.Client(database.url);
    await sql.connect();
    await sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time)
       SELECT unnest($1::text[]), 2, extract(epoch FROM now())::bigint - 600`,
      [MATCHES],
    );
    platform = new PlatformHandler(database.url);
    const cache = {
      get: async () => undefined,
      set: async (key: string) => void cached.push(key),
      del: async () => true,
    };
    const live = LiveScoreModule.forRoot({
      postgres: { connection: database.url },
      mqtt: { url: broker.url, topics: [topic], qos: 1, reconnectMs: 50 },
      cache: { cache },
      rollout: { pollMs: 100, moveTimeoutMs: 10_000, watch: { compareMs: 100, settleMs: 100 } },
      withRollout: true,
    });
    @Module({ imports: [platformModule(platform), live] })
    class HostModule {}
    app = await NestFactory.create(HostModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    await connectLiveScoreFeed(app);
    await eventually(() => Object.keys(app.get(MqttFeedStatus, { strict: false }).grantedQos).length === 1, {
      what: 'the subscription',
    });
    publish = await publisher(broker.url);
  });
  afterEach(() => {
    platform.frames.length = 0;
    platform.told.length = 0;
  });
  afterAll(async () => {
    await publish.endAsync();
    await app.close();
    await platform.close();
    await sql.end();
    await broker.stop();
    await database.drop();
  });

  const send = (text: string | Buffer) => publish.publishAsync(topic, text, { qos: 1 });
  const item = (id: string, home: number) => ({
    id,
    score: [id, 2, [home, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], 0],
  });
  const unacknowledged = () => app.get(MqttFeedStatus, { strict: false }).unacknowledged;
  const settled = () =>
    eventually(() => unacknowledged() === 0, { what: 'every frame acknowledged', timeoutMs: 20_000 });
  const state = () => app.get(RolloutState, { strict: false });
  const set = async (setting: Parameters<typeof settingOf>[0]) => {
    expect(await state().set(settingOf(setting), 'spec', 'spec')).not.toBeNull();
  };
  const count = async (table: string) =>
    (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n;
  const frames = async (result: string) =>
    (await app.get(LiveScoreMetrics, { strict: false }).legacyFrames.get()).values.find(
      ({ labels }) => labels.result === result,
    )?.value ?? 0;

  it('gets every frame byte for byte in stage legacy, and nothing of ours writes, announces or caches', async () => {
    const sent = [
      ...FEED_SAMPLES.map((name) => payload(name)),
      ...MALFORMED.map((text) => Buffer.from(text)),
      ...MATCHES.map((id) => Buffer.from(` ${JSON.stringify(item(id, 1), null, 1)}`)),
    ];
    for (const bytes of sent) await send(bytes);
    await eventually(() => platform.frames.length === sent.length, { what: 'the frames' });
    await settled();
    expect(platform.frames.map(String)).toEqual(sent.map(String));
    expect([await count('livescore_journal'), await count('livescore_shadow'), cached]).toEqual([0, 0, []]);
    expect(platform.told.map(({ by, score }) => `${by} ${score}`)).toEqual(MATCHES.map(() => 'platform 1-0'));
    expect([...platform.cache.keys()].filter((id) => MATCHES.includes(id)).sort()).toEqual([...MATCHES].sort());
    const { rows } = await sql.query('SELECT DISTINCT score_version::int AS version FROM ts_matches');
    expect(rows).toEqual([{ version: 0 }]);
    const { rows: noted } = await sql.query(`SELECT value FROM livescore_setting WHERE name = 'legacy_path'`);
    expect(noted).toEqual([{ value: 'handler' }]);
  });

  it('gets them in shadow, too, where what it writes is compared', async () => {
    await set({ stage: 'shadow' });
    await send(JSON.stringify(MATCHES.map((id) => item(id, 1))));
    await eventually(async () => (await count('livescore_shadow')) === MATCHES.length, {
      what: 'the comparison',
      timeoutMs: 20_000,
    });
    const { rows } = await sql.query('SELECT sum(inconsistent)::int AS n FROM livescore_shadow');
    expect([rows, await count('livescore_journal'), platform.frames.length]).toEqual([[{ n: 0 }], 0, 1]);
  });

  it('loses and doubles nothing when matches go over and back, in frames that hold both', async () => {
    const stages = [
      { stage: 'canary', percent: 50 },
      { stage: 'legacy' },
      { stage: 'canary', percent: 30 },
      { stage: 'direct' },
      { stage: 'legacy' },
    ] as const;
    let home = 1;
    for (const setting of stages) {
      for (let n = 0; n < 3; n++) await send(envelope(++home));
      const sending = Promise.all([1, 2, 3].map((n) => send(envelope(home + n))));
      await set(setting);
      await sending;
      home += 3;
      await arrived(home);
      await settled();
    }
    const { rows } = await sql.query(
      'SELECT external_id, home_score_display::int AS home FROM ts_matches WHERE external_id = ANY ($1) ORDER BY 1',
      [MATCHES],
    );
    expect(rows).toEqual([...MATCHES].sort().map((external_id) => ({ external_id, home })));
    for (const id of MATCHES) {
      const scores = platform.told.filter(({ matchId }) => matchId === id).map(({ score }) => score);
      expect([id, new Set(scores).size, scores.at(-1)]).toEqual([id, scores.length, `${home}-0`]);
      expect(scores.map((score) => Number.parseInt(score, 10))).toEqual(
        [...scores.map((score) => Number.parseInt(score, 10))].sort((a, b) => a - b),
      );
    }
    expect(new Set(platform.told.map(({ by }) => by))).toEqual(new Set(['platform', 'package']));
  });

  const arrived = (home: number) =>
    eventually(
      async () => {
        const { rows } = await sql.query('SELECT external_id FROM ts_matches WHERE home_score_display = $1', [home]);
        return rows.length === MATCHES.length;
      },
      { what: `${home} goals in every row`, timeoutMs: 20_000 },
    );

  /** The same scores of every match, as a list or under numeric keys. */
  function envelope(home: number): string {
    const items = MATCHES.map((id) => item(id, home));
    return JSON.stringify(home % 2 === 0 ? items : { ...items });
  }

  it('costs nobody else a frame when it throws, and holds an acknowledgement for 5 s at most', async () => {
    platform.throws = true;
    await send(JSON.stringify(item('m1', 90)));
    await eventually(async () => (await frames('failed')) === 1, { what: 'the throw to be counted' });
    platform.throws = false;
    await settled();
    platform.hangs = true;
    const sentAtMs = performance.now();
    await send(JSON.stringify(item('m2', 91)));
    await eventually(() => platform.frames.length === 2, { what: 'the frame' });
    expect(unacknowledged()).toBe(1);
    platform.hangs = false;
    await send(JSON.stringify(item('m3', 92)));
    await eventually(() => platform.cache.get('m3') === '92-0', { what: 'the next frame' });
    await settled();
    expect(performance.now() - sentAtMs).toBeGreaterThan(4_900);
    expect(await frames('late')).toBe(1);
  });
});
