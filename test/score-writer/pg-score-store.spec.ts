import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MatchState } from '../../src/domain/match-state.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { PgScoreStore } from '../../src/score-writer/adapters/pg/pg-score-store.js';
import { bind } from '../../src/score-writer/adapters/pg/score-statement.js';
import type { ScoreWrite } from '../../src/score-writer/ports/score-store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('PgScoreStore', () => {
  let database: TestDatabase;
  let connection: PgDatabase;
  let store: PgScoreStore;
  let sql: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    connection = new PgDatabase({ connectionString: database.url }, resolvePostgresOptions());
    store = new PgScoreStore(connection);
    sql = new pg.Client(database.url);
    await sql.connect();
  });

  afterAll(async () => {
    await sql.end();
    await connection.close();
    await database.drop();
  });

  const seed = async (id: string): Promise<MatchState> => {
    await sql.query(`INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ($1, 1, 1700000000)`, [id]);
    return (await store.load([id])).get(id) as MatchState;
  };

  const write = (state: MatchState, changes: Partial<MatchState>): ScoreWrite => ({
    expectedVersion: state.version,
    next: {
      ...state,
      status: 4,
      home: [2, 1, 0, 1, 5, 0, 0],
      away: [1, 0, 0, 2, 3, 0, 0],
      seenAtMs: 1768662000123,
      ...changes,
    },
    source: 'mqtt',
    catchUp: false,
    receivedAtMs: 1768662000123,
    atS: 1768662000,
  });

  it('writes every column readers use, and the journal row, in one statement', async () => {
    const state = await seed('one');
    const written = await store.write([
      write(state, { kickoffs: { firstHalfS: 1, secondHalfS: 2, overtimeS: null }, minute: 67, reached: 4 }),
    ]);
    expect([...written]).toEqual([0]);
    const row = (await sql.query(`SELECT * FROM ts_matches WHERE external_id = 'one'`)).rows[0];
    expect(row).toMatchObject({
      status_id: 4,
      status_id_source: 'mqtt',
      status_id_timestamp: '1768662000',
      home_scores: [2, 1, 0, 1, 5, 0, 0],
      away_scores: [1, 0, 0, 2, 3, 0, 0],
      home_score_display: 2,
      away_score_display: 1,
      home_score_regular: 2,
      home_score_overtime: 0,
      home_score_penalties: 0,
      home_yellow_cards: 1,
      away_yellow_cards: 2,
      home_corners: 5,
      home_score_source: 'mqtt',
      home_score_timestamp: '1768662000',
      first_half_kickoff_ts: '1',
      second_half_kickoff_ts: '2',
      overtime_kickoff_ts: null,
      minute: 67,
      minute_source: 'computed',
      score_version: '1',
      score_reached: 4,
      last_update_source: 'mqtt',
      last_event_ts: '1768662000',
      ended: false,
    });
    const journal = (await sql.query(`SELECT * FROM livescore_journal WHERE match_id = 'one'`)).rows;
    expect(journal).toHaveLength(1);
    expect(journal[0]).toMatchObject({
      epoch: 0,
      version: '1',
      source: 'mqtt',
      before: { status: 1, home: null, away: null, kickoffs: [null, null, null] },
      after: { status: 4, home: [2, 1, 0, 1, 5, 0, 0], away: [1, 0, 0, 2, 3, 0, 0], kickoffs: [1, 2, null] },
    });
    const loaded = (await store.load(['one'])).get('one') as MatchState;
    expect(loaded).toMatchObject({
      version: 1,
      seenAtMs: 1768662000123,
      torn: false,
      announced: { home: 2, away: 1 },
      reached: 4,
    });
  });

  it('writes many rows at once and leaves out the one with another version', async () => {
    const states = [];
    for (const id of ['a', 'b', 'c']) states.push(await seed(id));
    const writes = states.map((state) => write(state, {}));
    writes[1] = { ...(writes[1] as ScoreWrite), expectedVersion: 7 };
    const written = await store.write(writes);
    expect([...written].sort()).toEqual([0, 2]);
    const versions = (
      await sql.query(
        `SELECT score_version::int AS v FROM ts_matches WHERE external_id = ANY('{a,b,c}') ORDER BY external_id`,
      )
    ).rows;
    expect(versions.map(({ v }) => v)).toEqual([1, 0, 1]);
  });

  it('leaves out a row with a newer provider time, and a locked row without waiting for it', async () => {
    const fenced = await seed('fenced');
    const locked = await seed('locked');
    const free = await seed('free');
    await sql.query(`UPDATE ts_matches SET provider_update_time = 2000 WHERE external_id = 'fenced'`);
    const other = new pg.Client(database.url);
    await other.connect();
    await other.query(`BEGIN; UPDATE ts_matches SET note = 'x' WHERE external_id = 'locked'`);
    const written = await store.write([fenced, free, locked].map((state) => write(state, { providerTimeS: 1999 })));
    expect([...written]).toEqual([1]);
    expect((await store.write([write(locked, {})])).size).toBe(0);
    await other.query('ROLLBACK');
    await other.end();
    expect((await store.write([write(locked, {})])).size).toBe(1);
  });

  it('finds the rows that differ from what the writer believes, in any column readers use', async () => {
    const ids = ['same', 'version', 'status', 'array', 'column', 'kickoff', 'gone'];
    const believed: MatchState[] = [];
    for (const id of ids) {
      const state = await seed(id);
      await store.write([write(state, {})]);
      believed.push((await store.load([id])).get(id) as MatchState);
    }
    await sql.query(`
      UPDATE ts_matches SET score_version = 9 WHERE external_id = 'version';
      UPDATE ts_matches SET status_id = 8 WHERE external_id = 'status';
      UPDATE ts_matches SET home_scores = '[0,0,0,0,0,0,0]' WHERE external_id = 'array';
      UPDATE ts_matches SET away_score_regular = NULL WHERE external_id = 'column';
      UPDATE ts_matches SET second_half_kickoff_ts = 5 WHERE external_id = 'kickoff';
      DELETE FROM ts_matches WHERE external_id = 'gone'`);
    expect([...(await store.findChanged(believed))].sort()).toEqual(ids.filter((id) => id !== 'same').sort());
  });

  it('starts a new epoch when the version has fallen below the journal', async () => {
    const state = await seed('restored');
    await store.write([write(state, {})]);
    await sql.query(`UPDATE ts_matches SET score_version = 0 WHERE external_id = 'restored'`);
    const restored = (await store.load(['restored'])).get('restored') as MatchState;
    expect(restored.epoch).toBe(1);
    expect((await store.write([write(restored, {})])).size).toBe(1);
  });

  it('plans the batch statement with one index probe per row, never a scan of the table', async () => {
    await sql.query(
      `INSERT INTO ts_matches (external_id, status_id) SELECT 'p' || g, 4 FROM generate_series(1, 2000) g`,
    );
    await sql.query('ANALYZE ts_matches');
    const { statement } = bind([write(await seed('x'), {}), write(await seed('y'), {})]);
    const plan = await sql.query(`EXPLAIN ${statement.text.replace('$1', `'[]'`)}`);
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(lines).not.toMatch(/Seq Scan on ts_matches/);
    expect(lines).toMatch(/Tid Scan on ts_matches/);
  });
});
