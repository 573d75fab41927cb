import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { PgRetentionStore } from '../../src/retention/adapters/pg/pg-retention-store.js';
import { FakeClock, InMemoryRetentionStore } from '../../src/testing/index.js';
import {
  type ChangeKind,
  type RetentionStoreHarness,
  retentionStoreContract,
} from '../contracts/retention-store.contract.js';
import { createTestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const DAY_MS = 86_400_000;

async function openMemory(): Promise<RetentionStoreHarness> {
  const clock = new FakeClock(1_700_000_000_000);
  const store = new InMemoryRetentionStore(clock);
  const atMs = (ageDays: number) => clock.nowMs() - ageDays * DAY_MS;
  return {
    store,
    change: async (matchId, kind, ageDays) => {
      store.changes = [...store.changes, { matchId, atMs: atMs(ageDays), stays: kind !== 'settled' }];
    },
    letter: async (ageDays, isMarked) => {
      store.letters = [...store.letters, { atMs: atMs(ageDays), stays: isMarked }];
    },
    decision: async (ageDays) => {
      store.decisions = [...store.decisions, { atMs: atMs(ageDays) }];
    },
    left: async () => ({
      matches: [...new Set(store.changes.map(({ matchId }) => matchId))].sort(),
      letters: store.letters.length,
      decisions: store.decisions.length,
    }),
    close: async () => {},
  };
}

/** Its predictions wait for something. */
async function unsettle(sql: Client, matchId: string): Promise<void> {
  await sql.query(
    `INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, predictions, mode, next_at)
     VALUES ($1, 1, 0, 1, '{}', 1, 'on', now())`,
    [matchId],
  );
}

async function openPostgres(): Promise<RetentionStoreHarness & { readonly sql: Client }> {
  const database = await createTestDatabase();
  const connection = new PgDatabase({ connectionString: database.url }, resolvePostgresOptions());
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  let version = 0;
  return {
    sql,
    store: new PgRetentionStore(connection),
    change: async (matchId: string, kind: ChangeKind, ageDays: number) => {
      const status = kind === 'played' ? 4 : 8;
      if (kind === 'unsettled') await unsettle(sql, matchId);
      await sql.query(
        `INSERT INTO ts_matches (external_id, status_id, match_time) SELECT $1::varchar, $2::int, 1
         WHERE NOT EXISTS (SELECT FROM ts_matches WHERE external_id = $1::varchar)`,
        [matchId, status],
      );
      await sql.query(
        `INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at, settled_at)
         VALUES ($1, 0, $2, 'mqtt', jsonb_build_object('status', $3::int), now() - $4 * interval '1 day', $5)`,
        [matchId, version++, status, ageDays, kind === 'settled' ? new Date() : null],
      );
    },
    letter: async (ageDays, isMarked) => {
      await sql.query(
        `INSERT INTO livescore_dead_letter (reason, topic, payload, received_at, redrive_at)
         VALUES ('malformed', 't', '', now() - $1 * interval '1 day', $2)`,
        [ageDays, isMarked ? new Date() : null],
      );
    },
    decision: async (ageDays) => {
      await sql.query(
        `INSERT INTO livescore_rollout_decision (decided_at, verdict, action, stage, percent, reason, numbers)
         VALUES (now() - $1 * interval '1 day', 'well', 'none', 'canary', 1, '', '{}')`,
        [ageDays],
      );
    },
    left: async () => {
      const { rows } = await sql.query(`SELECT
        (SELECT array_agg(DISTINCT match_id::text ORDER BY match_id::text) FROM livescore_journal) AS matches,
        (SELECT count(*)::int FROM livescore_dead_letter) AS letters,
        (SELECT count(*)::int FROM livescore_rollout_decision) AS decisions`);
      return rows[0];
    },
    close: async () => {
      await sql.end();
      await connection.close();
      await database.drop();
    },
  };
}

retentionStoreContract('memory', openMemory);
retentionStoreContract('PostgreSQL', openPostgres);

describe('PostgreSQL', () => {
  it('goes through a long journal in batches, past what must stay', async () => {
    const harness = await openPostgres();
    try {
      await harness.sql.query(`INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at, settled_at)
        SELECT CASE WHEN n <= 1500 THEN 'kept' || n ELSE 'gone' || n END, 0, 1, 'mqtt', '{"status":8}',
          now() - interval '30 days' + n * interval '1 s', CASE WHEN n > 1500 THEN now() END FROM generate_series(1, 3500) n;
        INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, predictions, mode, next_at)
          SELECT 'kept' || n, 1, 0, 1, '{}', 1, 'on', now() FROM generate_series(1, 1500) n;
        INSERT INTO livescore_announced (match_id, incident_key) VALUES ('gone2000', 'k'), ('kept1', 'k')`);
      let [afterMs, deleted, batches] = [0, 0, 0];
      for (; ; batches++) {
        const batch = await harness.store.pruneJournal(10, afterMs);
        deleted += batch.deleted;
        if (batch.untilMs === null) break;
        afterMs = batch.untilMs;
      }
      expect([deleted, batches]).toEqual([2_001, 3]);
      expect((await harness.left()).matches).toHaveLength(1_500);
    } finally {
      await harness.close();
    }
  });
});
