import { PgForeignWriteStore } from '../../src/foreign-writers/adapters/pg/pg-foreign-write-store.js';
import { FakeClock, InMemoryForeignWriteStore } from '../../src/testing/index.js';
import { foreignWriteStoreContract } from '../contracts/foreign-write-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

foreignWriteStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    store: new PgForeignWriteStore(rows.connection),
    insert: (matchId) => rows.insert(matchId),
    lock: (matchId) => rows.lock(matchId),
    setMode: async (mode) => {
      await rows.sql.query(`UPDATE livescore_setting SET value = $1 WHERE name = 'foreign_writer_mode'`, [mode]);
    },
    note: async ({ matchId, mode, result, before }) => {
      await rows.sql.query(
        'INSERT INTO livescore_foreign_write (match_id, version, mode, result, before) VALUES ($1, 1, $2, $3, $4)',
        [matchId, mode, result, before],
      );
    },
    traces: async () => (await rows.sql.query('SELECT FROM livescore_foreign_write')).rowCount ?? 0,
    pass: async (ms) => {
      const earlier = `score_protected_until - $1::float8 * interval '1 millisecond'`;
      await rows.sql.query(`UPDATE ts_matches SET score_protected_until = ${earlier}`, [ms]);
    },
    close: () => rows.close(),
  };
});

foreignWriteStoreContract('the in-memory store', async () => {
  const clock = new FakeClock();
  const matches = new Set<string>();
  const store = new InMemoryForeignWriteStore(clock, matches);
  return {
    store,
    insert: async (matchId) => void matches.add(matchId),
    lock: async (matchId) => {
      store.locked.add(matchId);
      return async () => void store.locked.delete(matchId);
    },
    setMode: async (mode) => {
      store.mode = mode;
    },
    note: async (write) => store.note(write),
    traces: async () => store.size,
    pass: async (ms) => clock.advance(ms),
    close: async () => {},
  };
});
