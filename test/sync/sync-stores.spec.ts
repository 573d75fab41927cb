import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EntityRow } from '../../src/domain/sync/entity-row.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgEntityStore } from '../../src/sync/adapters/pg/pg-entity-store.js';
import { PgStaleMatches } from '../../src/sync/adapters/pg/pg-stale-matches.js';
import { PgSyncRuns } from '../../src/sync/adapters/pg/pg-sync-runs.js';
import { competition } from '../../src/sync/entity/list/competition.js';
import { ENTITIES } from '../../src/sync/entity/list/index.js';
import { FakeClock, InMemoryEntityStore, InMemoryStaleMatches, InMemorySyncRuns } from '../../src/testing/index.js';
import { type EntityStoreHarness, entityStoreContract } from '../contracts/entity-store.contract.js';
import { NOW_S, type StaleMatchesHarness, staleMatchesContract } from '../contracts/stale-matches.contract.js';
import { type SyncRunsHarness, syncRunsContract } from '../contracts/sync-runs.contract.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';

guardAgainstLeaks();

const TABLES = `${ENTITIES.map(({ table }) => table).join(', ')}, livescore_sync_status, livescore_sync_deleted,
  livescore_sync_asked, ts_sync_state`;

async function openPg() {
  const database = await createTestDatabase();
  const connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES);
  const sql = new pg.Client(database.url);
  await sql.connect();
  return {
    connection,
    rows: async (text: string, values: readonly unknown[] = []) =>
      (await sql.query<Record<string, unknown>>(text, [...values])).rows,
    close: async () => {
      await sql.end();
      await connection.close();
      await database.drop();
    },
  };
}

entityStoreContract('PostgreSQL', async (): Promise<EntityStoreHarness> => {
  const { connection, rows, close } = await openPg();
  return {
    store: new PgEntityStore(connection),
    runs: new PgSyncRuns(connection),
    row: async ({ table }, id) => (await rows(`SELECT * FROM ${table} WHERE external_id = $1`, [id]))[0] ?? null,
    isDeleted: async ({ name }, id) => {
      const marks = 'SELECT FROM livescore_sync_deleted WHERE entity = $1 AND external_id = $2 AND listed_at IS NULL';
      return (await rows(marks, [name, id])).length === 1;
    },
    later: async (ms) => {
      await rows(`UPDATE livescore_sync_asked SET asked_at = asked_at - $1 * interval '1 millisecond'`, [ms]);
    },
    reset: async () => void (await rows(`TRUNCATE ${TABLES}`)),
    close,
  };
});

entityStoreContract('memory', async (): Promise<EntityStoreHarness> => {
  const clock = new FakeClock();
  const memory = () => new InMemoryEntityStore(() => clock.nowMs());
  const store = memory();
  return {
    store,
    get runs() {
      return store.runs;
    },
    row: async ({ name }, id) => store.table(name).get(id)?.values ?? null,
    isDeleted: async ({ name }, id) => store.deletions.isDeleted(name, id),
    later: async (ms) => clock.advance(ms),
    reset: async () => void Object.assign(store, memory()),
    close: async () => undefined,
  };
});

describe('the entity store on PostgreSQL', () => {
  it('takes nothing from a row that somebody else adds meanwhile, where its own entry is silent', async () => {
    const { connection, rows, close } = await openPg();
    try {
      const store = new PgEntityStore(connection);
      const fields = (await store.columns(competition)).fields ?? [];
      const silent = { updatedAtS: null, values: { short_name: 'S' }, cleared: [], fallbacks: { name: 'S' } };
      const row: EntityRow = { ...silent, externalId: 'c' };
      await rows('BEGIN');
      await rows(`INSERT INTO ts_competitions (external_id, name, uid, is_duplicate) VALUES ('c', 'Name', 'u', true)`);
      const saved = store.save({ entity: competition, fields, rows: [row], run: null, requestedAtMs: 0 });
      const waits = 'SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))';
      await eventually(async () => (await rows(waits)).length > 0, { what: 'a save that waits' });
      await rows('COMMIT');
      expect(await saved).toMatchObject({ held: true });
      const [found] = await rows('SELECT name, short_name, uid, is_duplicate FROM ts_competitions');
      expect(found).toEqual({ name: 'Name', short_name: 'S', uid: 'u', is_duplicate: true });
    } finally {
      await close();
    }
  });
});

syncRunsContract('PostgreSQL', async (): Promise<SyncRunsHarness> => {
  const { connection, rows, close } = await openPg();
  return {
    runs: new PgSyncRuns(connection),
    setCursor: async (entity, value) => {
      await rows('INSERT INTO ts_sync_state (entity_type, last_updated_at) VALUES ($1, $2)', [entity, value]);
    },
    cursor: async (entity) => {
      const [row] = await rows('SELECT last_updated_at::text AS at FROM ts_sync_state WHERE entity_type = $1', [
        entity,
      ]);
      return (row?.at ?? null) as string | null;
    },
    set: async (name, value) => {
      await rows('INSERT INTO livescore_setting (name, value) VALUES ($1, $2)', [name, value]);
    },
    later: async (ms) => {
      await rows(`UPDATE livescore_sync_status SET heartbeat_at = heartbeat_at - $1 * interval '1 millisecond'`, [ms]);
    },
    reset: async () => {
      await rows(`TRUNCATE ${TABLES}`);
      await rows(`DELETE FROM livescore_setting WHERE name LIKE '%sync%' OR name = 'mode'`);
    },
    close,
  };
});

syncRunsContract('memory', async (): Promise<SyncRunsHarness> => {
  const clock = new FakeClock();
  const memory = () => new InMemorySyncRuns(() => clock.nowMs());
  const runs = memory();
  return {
    runs,
    setCursor: async (entity, value) => void runs.oldCursors.set(entity, value),
    cursor: async (entity) => runs.oldCursors.get(entity) ?? null,
    set: async (name, value) => void runs.settings.set(name, value),
    later: async (ms) => clock.advance(ms),
    reset: async () => void Object.assign(runs, memory()),
    close: async () => undefined,
  };
});

const SCORE = ['home', 'away'].flatMap((side) => [`${side}_score_display`, `${side}_score_regular`]);

staleMatchesContract('PostgreSQL', async (): Promise<StaleMatchesHarness> => {
  const { connection, rows, close } = await openPg();
  const remove = async (matchId: string) =>
    void (await rows('DELETE FROM ts_matches WHERE external_id = $1', [matchId]));
  return {
    matches: new PgStaleMatches(connection),
    put: async (matchId, facts) => {
      const { status, goals = [0, 0], matchTimeS = NOW_S - 60, firstHalfS, minute, scoreAtS, seenAtS } = facts;
      const [home, away] = goals ?? [null, null];
      await remove(matchId);
      await rows(
        `INSERT INTO ts_matches (external_id, status_id, match_time, first_half_kickoff_ts, minute, home_score_timestamp,
           score_seen_at, home_scores, away_scores, ${SCORE.join(', ')})
         VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7), $8, $9, $10, $10, $11, $11)`,
        [
          ...[matchId, status, matchTimeS, firstHalfS, minute, scoreAtS, seenAtS],
          ...[home, away].map((count) => (count === null ? null : JSON.stringify([count, 0, 0, 0, 0, 0, 0]))),
          ...[home, away],
        ],
      );
    },
    remove,
    setFence: async (fence) => {
      await rows(`UPDATE livescore_lease SET fence = $1 WHERE name = 'ingest'`, [fence]);
    },
    reset: async () => {
      await rows('TRUNCATE livescore_stale_match, ts_matches');
      await rows(`UPDATE livescore_lease SET fence = 0 WHERE name = 'ingest'`);
    },
    close,
  };
});

staleMatchesContract('memory', async (): Promise<StaleMatchesHarness> => {
  const memory = () => new InMemoryStaleMatches(() => NOW_S * 1000);
  const matches = memory();
  return {
    matches,
    put: async (matchId, facts) => {
      const { status, goals = [0, 0], matchTimeS = NOW_S - 60, firstHalfS = null, minute = null } = facts;
      matches.rows.set(matchId, {
        matchId,
        status,
        kickoffs: { firstHalfS, secondHalfS: null, overtimeS: null },
        legacyKickoffS: null,
        matchTimeS,
        statusSinceS: null,
        minute,
        hasScore: goals !== null,
        signsS: [facts.scoreAtS, facts.seenAtS].filter((atS) => atS !== undefined),
        score: (goals ?? [0, 0]).join('-'),
      });
    },
    remove: async (matchId) => void matches.rows.delete(matchId),
    setFence: async (fence) => {
      matches.fence = fence;
    },
    reset: async () => void Object.assign(matches, memory()),
    close: async () => undefined,
  };
});
