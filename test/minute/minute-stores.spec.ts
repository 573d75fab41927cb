import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PgMinuteStore } from '../../src/minute/adapters/pg/pg-minute-store.js';
import { InMemoryMinuteStore, type MinuteRow } from '../../src/testing/index.js';
import { minuteStoreContract } from '../contracts/minute-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

const T = 1_768_660_000;

async function put(sql: pg.Client, matchId: string, row: Partial<MinuteRow>): Promise<void> {
  const { kickoffs } = row;
  await sql.query('DELETE FROM ts_matches WHERE external_id = $1', [matchId]);
  await sql.query(
    `INSERT INTO ts_matches (external_id, status_id, match_time, first_half_kickoff_ts, second_half_kickoff_ts,
       overtime_kickoff_ts, minute, score_version, incidents)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      matchId,
      row.status,
      row.fallbackKickoffS,
      kickoffs?.firstHalfS,
      kickoffs?.secondHalfS,
      kickoffs?.overtimeS,
      row.minute,
      row.version ?? 0,
      row.announcements ? JSON.stringify([{ type: 1, position: 1, time: 3 }, ...row.announcements]) : null,
    ],
  );
}

minuteStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    store: new PgMinuteStore(rows.connection),
    put: (matchId, row) => put(rows.sql, matchId, row),
    minuteOf: async (matchId) => (await rows.row(matchId)).minute as number | null,
    overwrite: async (matchId, minute) => {
      await rows.sql.query('UPDATE ts_matches SET minute = $2, updated_at = now() WHERE external_id = $1', [
        matchId,
        minute,
      ]);
    },
    lock: (matchId) => rows.lock(matchId),
    setFence: (fence) => rows.setFence(fence),
    setMode: async (mode) => {
      await rows.sql.query(`INSERT INTO livescore_setting (name, value) VALUES ('minute_mode', $1)`, [mode]);
    },
    setFormat: async (scope, id, format) => {
      await rows.sql.query('INSERT INTO livescore_match_format (scope, id, format) VALUES ($1, $2, $3)', [
        scope,
        id,
        format,
      ]);
    },
    enter: async (matchId, competitionId) => {
      await rows.sql.query('INSERT INTO ts_matches (external_id, competition_id, match_time) VALUES ($1, $2, $3)', [
        matchId,
        competitionId,
        T,
      ]);
    },
    close: () => rows.close(),
  };
});

minuteStoreContract('the in-memory store', async () => {
  const store = new InMemoryMinuteStore();
  return {
    store,
    put: async (matchId, row) => store.put(matchId, row),
    overwrite: async (matchId, minute) => store.overwrite(matchId, minute),
    minuteOf: async (matchId) => store.row(matchId)?.minute ?? null,
    lock: async (matchId) => {
      store.locked.add(matchId);
      return async () => void store.locked.delete(matchId);
    },
    setFence: async (fence) => {
      store.fence = fence;
    },
    setMode: async (mode) => {
      store.set = { ...store.set, mode };
    },
    setFormat: async (scope, id, format) => {
      store.set = { ...store.set, formats: [...store.set.formats, [scope, id, format]] };
    },
    enter: async (matchId, competitionId) => {
      store.set = { ...store.set, matches: [...store.set.matches, [matchId, competitionId]] };
    },
    close: async () => {},
  };
});

describe('a minute in PostgreSQL', () => {
  it('is written with its provenance, and touches nothing that readers take for a sign of life', async () => {
    const rows = await PgScoreRows.open();
    try {
      const kickoffs = { firstHalfS: T, secondHalfS: null, overtimeS: null };
      await put(rows.sql, 'm', { status: 2, kickoffs, fallbackKickoffS: T, minute: 3 });
      await put(rows.sql, 'same', { status: 2, kickoffs, fallbackKickoffS: T, minute: 4 });
      const [before, same] = [
        await rows.row('m'),
        await rows.sql.query(`SELECT xmin, ctid FROM ts_matches WHERE external_id = 'same'`),
      ];
      const basis = { status: 2, kickoffs, fallbackKickoffS: T } as const;
      const dues = ['m', 'same'].map((matchId) => ({ matchId, basis, minute: 4 }));
      await new PgMinuteStore(rows.connection).tick(dues, { fence: null, atS: T + 200, only: null });
      expect(await rows.row('m')).toEqual({
        ...before,
        minute: 4,
        minute_source: 'computed',
        minute_timestamp: String(T + 200),
        last_minute_update_ts: String(T + 200),
      });
      expect((await rows.sql.query(`SELECT xmin, ctid FROM ts_matches WHERE external_id = 'same'`)).rows).toEqual(
        same.rows,
      );
    } finally {
      await rows.close();
    }
  });
});
