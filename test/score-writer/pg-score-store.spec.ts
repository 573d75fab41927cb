import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MatchState } from '../../src/domain/match-state.js';
import { LOAD } from '../../src/score-writer/adapters/pg/match-row.js';
import { bind } from '../../src/score-writer/adapters/pg/score-statement.js';
import type { ScoreWrite } from '../../src/score-writer/ports/score-store.js';
import { scoreStoreContract } from '../contracts/score-store.contract.js';
import { slots } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

scoreStoreContract('PostgreSQL', () => PgScoreRows.open());

describe('PgScoreStore', () => {
  let rows: PgScoreRows;
  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  const seed = async (id: string): Promise<MatchState> => {
    await rows.insert(id);
    return (await rows.store.load([id])).get(id) as MatchState;
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
    goalIncidents: null,
    receivedAtMs: 1768662000123,
    atS: 1768662000,
  });

  it('knows the highest counts since the match began, or began again, from the journal', async () => {
    let state = await seed('peaks');
    const commit = async (changes: Partial<MatchState>) => {
      await rows.store.write([write(state, changes)]);
      state = (await rows.store.load(['peaks'])).get('peaks') as MatchState;
    };
    await commit({ home: [3, 1, 0, 1, 5, 0, 0], reached: 4 });
    await commit({ status: 10, home: [2, 1, 0, 1, 6, 0, 0], reached: 4 });
    expect(state.peak.home).toEqual([3, 1, 0, 1, 6, 0, 0]);
    const kickoffs = { firstHalfS: 1, secondHalfS: 2, overtimeS: null };
    await commit({ status: 2, home: slots(0), away: slots(0), reached: 2, kickoffs, kickoffSources: {} });
    await commit({ status: 2, home: slots(1), away: slots(0), reached: 2, kickoffs, kickoffSources: {} });
    expect(state).toMatchObject({ reached: 2, kickoffSources: {}, peak: { home: slots(1), away: slots(0) } });
  });

  it('writes every column readers use, and the journal row', async () => {
    const state = await seed('one');
    await rows.store.write([
      write(state, { kickoffs: { firstHalfS: 1, secondHalfS: 2, overtimeS: null }, minute: 67, reached: 4 }),
    ]);
    expect(await rows.row('one')).toMatchObject({
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
    const journal = (await rows.sql.query(`SELECT * FROM livescore_journal WHERE match_id = 'one'`)).rows;
    expect(journal).toHaveLength(1);
    expect(journal[0]).toMatchObject({
      epoch: 0,
      version: '1',
      source: 'mqtt',
      before: { status: 1, home: null, away: null, kickoffs: [null, null, null], shown: [0, 0], times: [null, null] },
      after: { status: 4, home: [2, 1, 0, 1, 5, 0, 0], away: [1, 0, 0, 2, 3, 0, 0], kickoffs: [1, 2, null] },
    });
  });

  it.each([
    ['3-0', 3, 0],
    ['0-3', 0, 3],
    ['0-0', 0, 0],
  ])('zero is zero: %s in arrays, columns and the formula of readers', async (id, home, away) => {
    const state = await seed(id);
    await rows.store.write([write(state, { home: [home, 0, 0, 0, 0, 0, 0], away: [away, 0, 0, 0, 0, 0, 0] })]);
    const { rows: found } = await rows.sql.query(
      `SELECT jsonb_typeof(home_scores) AS kind, jsonb_array_length(away_scores) AS slots,
         COALESCE(home_score_display, home_score_regular, 0) AS home, away_score_display AS away,
         home_score_regular, away_score_regular, home_score_overtime, away_score_penalties, home_red_cards, away_corners
       FROM ts_matches WHERE external_id = $1`,
      [id],
    );
    expect(found[0]).toEqual({
      kind: 'array',
      slots: 7,
      home,
      away,
      home_score_regular: home,
      away_score_regular: away,
      home_score_overtime: 0,
      away_score_penalties: 0,
      home_red_cards: 0,
      away_corners: 0,
    });
  });

  it.each<[string, string, object]>([
    ['no arrays', 'home_scores = NULL, away_scores = NULL', { home: [2, 0, 0, 0, 0, 0, 0], torn: true }],
    [
      'nothing at all',
      'home_scores = NULL, home_score_regular = NULL, home_score_display = NULL',
      { shown: { home: 0, away: 1 }, torn: true },
    ],
    ['an array that is none', `home_scores = '{"0":2}'`, { home: [2, 0, 0, 0, 0, 0, 0], torn: true }],
    ['an array of five', `home_scores = '[2,0,0,0,0]'`, { home: [2, 0, 0, 0, 0, 0, 0], torn: true }],
    ['a fraction in the array', `home_scores = '[2.5,0,0,0,0,0,0]'`, { home: [2, 0, 0, 0, 0, 0, 0], torn: true }],
    ['no status', 'status_id = NULL', { status: 1, torn: true }],
    ['an unheard-of status', 'status_id = 99', { status: 1, torn: true }],
    ['another display score', 'home_score_display = 7', { shown: { home: 7, away: 1 }, torn: true }],
    ['a display score of NULL', 'home_score_display = NULL', { shown: { home: 2, away: 1 }, torn: true }],
  ])('reads a row with %s, and knows that it must be written', async (what, set, expected) => {
    const state = await seed(what);
    await rows.store.write([write(state, { home: [2, 0, 0, 0, 0, 0, 0] })]);
    const believed = (await rows.store.load([what])).get(what) as MatchState;
    expect(await rows.store.findChanged([believed])).toEqual([]);
    await rows.sql.query(`UPDATE ts_matches SET ${set} WHERE external_id = $1`, [what]);
    expect(await rows.store.findChanged([believed])).toEqual([what]);
    expect((await rows.store.load([what])).get(what)).toMatchObject(expected);
  });

  it('plans the batch statement with one index probe per row, never a scan of the table', async () => {
    await rows.sql.query(
      `INSERT INTO ts_matches (external_id, status_id) SELECT 'p' || g, 4 FROM generate_series(1, 2000) g`,
    );
    await rows.sql.query('ANALYZE ts_matches');
    const { statement, values } = bind([write(await seed('x'), {}), write(await seed('y'), {})], null, null);
    const plan = await rows.sql.query(`EXPLAIN ${statement.text}`, [...values]);
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(lines).not.toMatch(/Seq Scan on ts_matches/);
    expect(lines).toMatch(/Tid Scan on ts_matches/);
    expect(lines).toMatch(/InitPlan/);
  });

  it('plans the look for rows with an index probe into the journal even while that is empty', async () => {
    await rows.sql.query('TRUNCATE livescore_journal');
    await rows.sql.query('VACUUM ANALYZE livescore_journal');
    const explain = { name: 'explain_load', text: `EXPLAIN ${LOAD.text}` };
    const plan = await rows.connection.query<{ 'QUERY PLAN': string }>(explain, [['m']]);
    expect(plan.map((line) => line['QUERY PLAN']).filter((line) => line.includes('Seq Scan'))).toEqual([]);
  });

  it('asks for the fence once per statement', async () => {
    const writes: ScoreWrite[] = [];
    for (const id of ['i1', 'i2', 'i3', 'i4']) writes.push(write(await seed(id), {}));
    const { statement, values } = bind(writes, 1, null);
    const plan = await rows.sql.query(`EXPLAIN (ANALYZE, COSTS off, TIMING off) ${statement.text}`, [...values]);
    const lines = plan.rows.map((row) => row['QUERY PLAN']);
    const probe = lines.findIndex((line) => / on livescore_lease /.test(line));
    expect(lines[probe]).toMatch(/loops=1\)/);
    expect(lines.join('\n')).toMatch(/LockRows \(actual rows=1(\.00)? loops=4\)/);
  });
});
