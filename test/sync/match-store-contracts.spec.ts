import { PgChangeStore } from '../../src/sync/adapters/pg/pg-change-store.js';
import { PgDeletionStore } from '../../src/sync/adapters/pg/pg-deletion-store.js';
import { PgFixtureStore } from '../../src/sync/adapters/pg/pg-fixture-store.js';
import type { KeptChange } from '../../src/sync/ports/change-store.js';
import { InMemoryChangeStore } from '../../src/testing/in-memory-change-store.js';
import { InMemoryDeletionStore } from '../../src/testing/in-memory-deletion-store.js';
import { InMemoryFixtureStore } from '../../src/testing/in-memory-fixture-store.js';
import { changeStoreContract } from '../contracts/change-store.contract.js';
import { deletionStoreContract } from '../contracts/deletion-store.contract.js';
import { fixtureStoreContract } from '../contracts/fixture-store.contract.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

const HOUR_MS = 3_600_000;

deletionStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    store: new PgDeletionStore(rows.connection),
    isDeleted: async (entity, id) => {
      const { rowCount } = await rows.sql.query(
        'SELECT FROM livescore_sync_deleted WHERE entity = $1 AND external_id = $2 AND listed_at IS NULL',
        [entity, id],
      );
      return rowCount === 1;
    },
    listed: async (entity, id, hoursAgo) => {
      await rows.sql.query(
        `UPDATE livescore_sync_deleted SET listed_at = now() - $3 * interval '1 hour' WHERE entity = $1 AND external_id = $2`,
        [entity, id, hoursAgo],
      );
    },
    close: () => rows.close(),
  };
});

deletionStoreContract('the in-memory store', async () => {
  let nowMs = 1_768_662_000_000;
  const store = new InMemoryDeletionStore(() => nowMs);
  return {
    store,
    isDeleted: async (entity, id) => store.isDeleted(entity, id),
    listed: async (entity, id, hoursAgo) => {
      // named now, or named before and looked at later
      store.listed(entity, id);
      nowMs += hoursAgo * HOUR_MS;
    },
    close: async () => {},
  };
});

changeStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    store: new PgChangeStore(rows.connection),
    kept: async () => {
      const { rows: found } = await rows.sql.query<KeptChange>(
        'SELECT type, of, id, update_time::float8 AS "updatedAtS", fate FROM livescore_sync_change',
      );
      return found;
    },
    age: async (days) => {
      await rows.sql.query(`UPDATE livescore_sync_change SET seen_at = now() - $1 * interval '1 day'`, [days]);
    },
    close: () => rows.close(),
  };
});

changeStoreContract('the in-memory store', async () => {
  let nowMs = 1_768_662_000_000;
  const fromMs = nowMs;
  const store = new InMemoryChangeStore(() => nowMs);
  return {
    store,
    kept: async () => store.kept,
    age: async (days) => {
      nowMs = fromMs + days * 24 * HOUR_MS;
    },
    close: async () => {},
  };
});

fixtureStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    store: new PgFixtureStore(rows.connection),
    row: async (matchId) => {
      const { note, venue_id, external_updated_at } = await rows.row(matchId);
      return {
        note: note as string | null,
        venueId: venue_id as string | null,
        updatedAtS: Number(external_updated_at),
      };
    },
    play: (matchId, status, home, away) => rows.change(matchId, { status, home, away }),
    lock: (matchId) => rows.lock(matchId),
    deletions: new PgDeletionStore(rows.connection),
    isDeleted: async (matchId) => {
      const marks = `SELECT FROM livescore_sync_deleted WHERE entity = 'match' AND external_id = $1 AND listed_at IS NULL`;
      return (await rows.sql.query(marks, [matchId])).rowCount === 1;
    },
    close: () => rows.close(),
  };
});

fixtureStoreContract('the in-memory store', async () => {
  const store = new InMemoryFixtureStore();
  return {
    store,
    row: async (matchId) => {
      const row = store.rows.get(matchId);
      const { note = null, venue_id = null } = row?.values ?? {};
      return { note: note as string | null, venueId: venue_id as string | null, updatedAtS: row?.updatedAtS ?? null };
    },
    play: async (matchId, status, home, away) => {
      const row = store.rows.get(matchId);
      if (row) store.rows.set(matchId, { ...row, status, home, away });
    },
    lock: async (matchId) => {
      store.locked.add(matchId);
      return async () => void store.locked.delete(matchId);
    },
    deletions: store.deletions,
    isDeleted: async (matchId) => store.deletions.isDeleted('match', matchId),
    close: async () => {},
  };
});
