import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { connectLiveScoreFeed, LiveScoreModule } from '../../src/index.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgRolloutStore } from '../../src/rollout/adapters/pg/pg-rollout-store.js';
import { RolloutState } from '../../src/rollout/index.js';
import { type RolloutStage, RolloutStore } from '../../src/rollout/ports/rollout-store.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { brokerForSpec, frame, publisher, uniqueTopic } from '../mqtt-ingest/ingest-app.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';
import { IdleLegacyQueue, legacyQueueModule } from './legacy-queue-module.js';

guardAgainstLeaks();

const MATCHES = Array.from({ length: 20 }, (_, n) => `m${n}`);

const OTHER_CLIENTS = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;

interface TableUse {
  readonly scans: number;
  readonly changes: number;
}

describe('with the flag off', () => {
  let database: TestDatabase;
  let broker: { url: string; stop(): Promise<void> };
  let app: INestApplication | undefined;

  beforeEach(async () => {
    database = await createTestDatabase();
    broker = await brokerForSpec();
    const rows = MATCHES.map((id) => `('${id}', 'cup', 2, 1700000000)`).join(', ');
    await runSql(
      database.url,
      `INSERT INTO ts_matches (external_id, competition_id, status_id, match_time) VALUES ${rows};
       INSERT INTO livescore_pin (match_id, route, pinned_by) VALUES ('m3', 'legacy', 'spec')`,
    );
  });
  afterEach(async () => {
    await app?.close();
    await broker.stop();
    await database.drop();
  });

  /** PostgreSQL counts what a connection did by the time it has ended: that of others is waited for. */
  async function useOf(table: string): Promise<TableUse> {
    const client = new Client(database.url);
    await client.connect();
    try {
      const isAlone = async () => (await client.query(OTHER_CLIENTS)).rowCount === 0;
      await eventually(isAlone, { what: 'the connections of others to end', timeoutMs: 20_000 });
      const { rows } = await client.query<TableUse>(
        `SELECT (seq_scan + COALESCE(idx_scan, 0))::int AS scans, (n_tup_ins + n_tup_upd + n_tup_del)::int AS changes
         FROM pg_stat_user_tables WHERE relname = $1`,
        [table],
      );
      return rows[0] ?? { scans: 0, changes: 0 };
    } finally {
      await client.end();
    }
  }

  const useBefore = () =>
    eventually(
      async () => {
        const use = await useOf('ts_matches');
        return use.changes === MATCHES.length ? use : null;
      },
      { what: 'the rows of the spec to be counted' },
    );

  async function journalRows(): Promise<number> {
    const client = new Client(database.url);
    await client.connect();
    try {
      const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM livescore_journal');
      return rows[0]?.count ?? 0;
    } finally {
      await client.end();
    }
  }

  async function set(stage: RolloutStage, allowCompetitions: readonly string[], expectedId: number | null) {
    const connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES);
    const setting = settingOf({ stage, allowCompetitions });
    await new PgRolloutStore(connection).append(setting, 'spec', 'spec', expectedId);
    await connection.close();
  }

  /** A whole host on the database, from its start to its end, with a feed that speaks of every match. */
  async function runHost(queue: IdleLegacyQueue, done: () => Promise<boolean> | boolean): Promise<void> {
    const topic = uniqueTopic();
    const live = LiveScoreModule.forRoot({
      postgres: { connection: database.url },
      mqtt: { url: broker.url, topics: [topic], reconnectMs: 50 },
      rollout: { pollMs: 100 },
      writer: { driftCheckMs: 100 },
      withRollout: true,
    });
    @Module({ imports: [legacyQueueModule(queue), live] })
    class HostModule {}
    app = await NestFactory.create(HostModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    await connectLiveScoreFeed(app);
    const publish = await publisher(broker.url);
    await eventually(
      async () => {
        for (const id of MATCHES) await publish.publishAsync(topic, frame(id), { qos: 1 });
        return done();
      },
      { what: 'the feed to arrive', timeoutMs: 30_000 },
    );
    await looks(app.get(RolloutStore, { strict: false }), 10);
    await publish.endAsync();
    await app.close();
    app = undefined;
  }

  /** Several rounds of everything that runs by a timer. */
  async function looks(store: RolloutStore, times: number): Promise<void> {
    let seen = 0;
    const read = store.read.bind(store);
    store.read = () => {
      seen++;
      return read();
    };
    await eventually(() => seen >= times, { what: 'the rollout to be looked at' });
  }

  const everyMatchIn = (queue: IdleLegacyQueue) => () =>
    new Set(queue.enqueued.map(([matchId]) => matchId)).size === MATCHES.length;

  it('the package neither reads nor writes ts_matches; the legacy queue gets everything', async () => {
    const before = await useBefore();
    const queue = new IdleLegacyQueue();
    await runHost(queue, everyMatchIn(queue));
    await eventually(async () => (await useOf('livescore_pin')).scans > 10, { what: 'the host to be counted' });
    expect(await useOf('ts_matches')).toEqual(before);
    expect(queue.enqueued[0]?.[1]).toMatchObject({ type: 'score', providerUpdateTime: null });
  });

  it('nor does it after a way through direct and back, with competitions still listed', async () => {
    await set('direct', ['cup'], null);
    const queue = new IdleLegacyQueue();
    await runHost(queue, async () => (await journalRows()) === MATCHES.length - 1);
    const wrote = await eventually(
      async () => {
        const use = await useOf('ts_matches');
        return use.changes > MATCHES.length ? use : null;
      },
      { what: 'the direct path to be counted' },
    );
    expect(wrote?.scans).toBeGreaterThan(0);
    await set('legacy', ['cup'], 1);
    const before = await useOf('ts_matches');
    const pins = await useOf('livescore_pin');
    await runHost(queue, everyMatchIn(queue));
    await eventually(async () => (await useOf('livescore_pin')).scans > pins.scans + 10, {
      what: 'the host to be counted',
    });
    expect(await useOf('ts_matches')).toEqual(before);
  });

  it('a host that may not leave the legacy path leaves the table alone whatever is set', async () => {
    await set('direct', ['cup'], null);
    process.env.LIVESCORE_KILL_SWITCH = 'true';
    try {
      const before = await useBefore();
      const queue = new IdleLegacyQueue();
      await runHost(queue, () => everyMatchIn(queue)() && app?.get(RolloutState, { strict: false }).stage === 'legacy');
      await eventually(async () => (await useOf('livescore_pin')).scans > 10, { what: 'the host to be counted' });
      expect(await useOf('ts_matches')).toEqual(before);
    } finally {
      delete process.env.LIVESCORE_KILL_SWITCH;
    }
  });
});
