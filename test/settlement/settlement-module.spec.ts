import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { SettlementOnPostgres } from '../support/settlement-on-postgres.js';

guardAgainstLeaks();

const HOUR_S = 3_600;

describe('predictions on PostgreSQL', () => {
  let settlement: SettlementOnPostgres;
  afterEach(() => settlement.close());

  it('are won on the goal, taken back with it, and confirmed once the full time has stood', async () => {
    settlement = await SettlementOnPostgres.open();
    const id = await settlement.predict('m1', 'MS 0.5 ÜST');
    await settlement.commit('m1', { status: 2 }, { status: 2, score: [1, 0] });
    await settlement.look();
    expect(await settlement.resultOf(id)).toEqual({
      result: 'won',
      final_score: '1-0',
      result_reason: 'instant_win_ms',
      resulted: true,
    });
    await settlement.commit('m1', { status: 2 });
    await settlement.look();
    expect(await settlement.resultOf(id)).toEqual({
      result: 'pending',
      final_score: null,
      result_reason: null,
      resulted: false,
    });
    await settlement.commit('m1', { status: 3 }, { status: 4, score: [0, 1] });
    await settlement.commit('m1', { status: 8, score: [0, 2], secondsAgo: 30 });
    await settlement.look();
    expect(await settlement.revisionsOf(id)).toMatchObject([
      { revision: 1, verdict: 'won', certainty: 1, cause: 'goal', basis: '1-0' },
      { revision: 2, verdict: 'open', cause: 'var' },
      { revision: 3, verdict: 'won', certainty: 1, cause: 'goal', basis: '0-1' },
    ]);
    expect(settlement.settled.map(({ isFirstResult, result }) => [isFirstResult, result])).toEqual([
      [true, 'won'],
      [false, 'pending'],
      [false, 'won'],
    ]);
    await settlement.sql.query(`UPDATE livescore_settlement_match SET path = jsonb_set(path, '{match,end,atMs}', '1'),
      next_at = to_timestamp(1)`);
    await settlement.look();
    expect((await settlement.revisionsOf(id)).at(-1)).toMatchObject({ certainty: 2, cause: 'stood' });
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'won', final_score: '0-2' });
  });

  it('of every market are decided by regular time, once, however often they are looked at', async () => {
    settlement = await SettlementOnPostgres.open({ confirmAfterMs: 1_000 });
    const wanted = {
      'IY 0.5 ÜST': 'lost',
      'IY X': 'won',
      'MS 1.5 ÜST': 'won',
      'MS 2.5 ÜST': 'lost',
      'MS 2.5 ALT': 'won',
      'MS 2 ÜST': 'cancelled',
      'KG VAR': 'won',
      'KG YOK': 'lost',
      'MS X': 'won',
      'MS 1': 'lost',
      'Köşe 9.5 ÜST': 'pending',
    } as const;
    const ids = new Map<string, string>();
    for (const text of Object.keys(wanted)) ids.set(text, await settlement.predict('m1', text));
    await settlement.commit(
      'm1',
      { status: 2 },
      { status: 3 },
      { status: 4, score: [1, 0] },
      { status: 4, score: [1, 1] },
      { status: 5, score: [1, 1], extra: [1, 1] },
      { status: 5, score: [1, 1], extra: [2, 1] },
      { status: 8, score: [1, 1], extra: [2, 1] },
    );
    for (let n = 0; n < 3; n++) await settlement.look();
    const found: Record<string, unknown> = {};
    for (const [text, id] of ids) found[text] = (await settlement.resultOf(id)).result;
    expect(found).toEqual(wanted);
    const firsts = settlement.settled.filter(({ isFirstResult }) => isFirstResult);
    expect(new Set(firsts.map(({ predictionId }) => predictionId)).size).toBe(firsts.length);
    expect(firsts).toHaveLength(Object.keys(wanted).length - 1);
    const { rows } = await settlement.sql.query(
      'SELECT count(*)::int AS n FROM livescore_journal WHERE settled_at IS NULL',
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('of a match that is abandoned are void but for what was decided, and of an interrupted one after the delay', async () => {
    settlement = await SettlementOnPostgres.open();
    const [over, under, interrupted] = [
      await settlement.predict('m1', 'MS 0.5 ÜST'),
      await settlement.predict('m1', 'MS 1.5 ALT'),
      await settlement.predict('m2', 'MS 1.5 ALT'),
    ];
    const begun = { status: 2, score: [1, 0], secondsAgo: 49 * HOUR_S } as const;
    await settlement.commit('m1', begun, { ...begun, status: 11 });
    await settlement.commit('m2', begun, { ...begun, status: 10, secondsAgo: 47 * HOUR_S });
    await settlement.look();
    expect(await settlement.resultOf(over)).toMatchObject({ result: 'won', result_reason: 'instant_win_ms' });
    expect(await settlement.resultOf(under)).toMatchObject({ result: 'cancelled', result_reason: 'void_abandoned' });
    expect(await settlement.resultOf(interrupted)).toMatchObject({
      result: 'pending',
      result_reason: 'awaiting_interrupted',
    });
  });

  it('that somebody else has settled are told, and left alone', async () => {
    settlement = await SettlementOnPostgres.open();
    const [theirs, ours] = [await settlement.predict('m1', 'MS 1'), await settlement.predict('m1', 'MS 1')];
    await settlement.sql.query(`UPDATE ai_predictions SET result = 'lost', result_reason = 'legacy' WHERE id = $1`, [
      theirs,
    ]);
    await settlement.commit('m1', { status: 2, score: [1, 0] }, { status: 8, score: [1, 0] });
    await settlement.look();
    expect(await settlement.resultOf(theirs)).toMatchObject({ result: 'lost', result_reason: 'legacy' });
    expect(await settlement.revisionsOf(theirs)).toEqual([]);
    expect(await settlement.resultOf(ours)).toMatchObject({ result: 'won' });
  });

  it('are settled whatever else somebody writes into their rows at the same time', async () => {
    settlement = await SettlementOnPostgres.open();
    const ids = [await settlement.predict('m1', 'MS 0.5 ÜST'), await settlement.predict('m1', 'MS 0.5 ÜST')];
    await settlement.commit('m1', { status: 2, score: [1, 0] });
    const other = new pg.Client(settlement.rows.url);
    await other.connect();
    await other.query('BEGIN');
    await other.query('UPDATE ai_predictions SET minute_at_prediction = 12 WHERE id = $1', [ids[0]]);
    const looked = settlement.look();
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%livescore_settlement%'`;
    await eventually(async () => (await settlement.sql.query(waiting)).rowCount === 1, {
      what: 'the wait for the row',
    });
    await other.query('COMMIT');
    await other.end();
    await looked;
    for (const id of ids) {
      expect(await settlement.resultOf(id)).toMatchObject({ result: 'won' });
      expect(await settlement.revisionsOf(id)).toHaveLength(1);
    }
  });

  it('of other matches do not wait for one that somebody has locked', async () => {
    settlement = await SettlementOnPostgres.open();
    const [locked, other] = [await settlement.predict('a', 'MS 0.5 ÜST'), await settlement.predict('b', 'MS 0.5 ÜST')];
    for (const matchId of ['a', 'b']) await settlement.commit(matchId, { status: 2, score: [1, 0] });
    await settlement.sql.query('BEGIN');
    await settlement.sql.query('SELECT FROM ai_predictions WHERE id = $1 FOR UPDATE', [locked]);
    await settlement.look();
    expect(await settlement.resultOf(other)).toMatchObject({ result: 'won' });
    await settlement.sql.query('COMMIT');
    await settlement.look();
    expect(await settlement.resultOf(locked)).toMatchObject({ result: 'won' });
  });

  it('are decided by the text that they have now', async () => {
    settlement = await SettlementOnPostgres.open();
    const [unknown, settled] = [await settlement.predict('m1', 'HOME'), await settlement.predict('m1', 'MS 0.5 ÜST')];
    await settlement.commit('m1', { status: 2, score: [1, 0] });
    await settlement.look();
    await settlement.sql.query(
      `UPDATE ai_predictions SET prediction = CASE WHEN id = $1 THEN 'MS 0.5 OVER' ELSE 'MS 5.5 OVER' END`,
      [unknown],
    );
    await settlement.look();
    expect(await settlement.resultOf(unknown)).toMatchObject({ result: 'won' });
    expect(await settlement.resultOf(settled)).toMatchObject({ result: 'pending' });
  });

  it('that come late are decided by what is known by then', async () => {
    settlement = await SettlementOnPostgres.open();
    await settlement.predict('m1', 'MS 3.5 ÜST');
    await settlement.commit('m1', { status: 2, score: [1, 0] });
    await settlement.look();
    const late = await settlement.predict('m1', 'MS 0.5 ÜST');
    await settlement.look();
    expect(await settlement.resultOf(late)).toMatchObject({ result: 'won', final_score: '1-0' });
  });

  it('are left alone in shadow mode, and settled once it is on', async () => {
    settlement = await SettlementOnPostgres.open({ mode: 'shadow' });
    const id = await settlement.predict('m1', 'MS 0.5 ÜST');
    await settlement.commit('m1', { status: 2, score: [1, 0] });
    await settlement.look();
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'pending' });
    expect(await settlement.revisionsOf(id, true)).toMatchObject([{ verdict: 'won' }]);
    expect(settlement.batches).toEqual([]);
    const rows = await settlement.end();
    settlement = await SettlementOnPostgres.open({}, undefined, rows);
    await settlement.look();
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'won' });
    expect(await settlement.revisionsOf(id)).toMatchObject([{ revision: 1, verdict: 'won' }]);
  });

  it('are settled once by two processes that settle at the same time', async () => {
    settlement = await SettlementOnPostgres.open();
    const other = await SettlementOnPostgres.open({}, undefined, settlement.rows);
    const ids: string[] = [];
    for (let n = 0; n < 40; n++) ids.push(await settlement.predict('m1', n % 2 ? 'MS 0.5 ÜST' : 'MS 1.5 ALT'));
    for (const score of [
      [0, 0],
      [1, 0],
      [2, 0],
      [1, 0],
      [1, 1],
    ] as const) {
      await settlement.commit('m1', { status: 4, score });
      await Promise.all([settlement.look(), other.look()]);
    }
    await Promise.all([settlement.look(), other.look()]);
    await other.end();
    const { rows } = await settlement.sql.query(
      'SELECT prediction_id, array_agg(verdict ORDER BY revision) AS verdicts FROM livescore_settlement GROUP BY 1',
    );
    expect(rows).toHaveLength(ids.length);
    const told = [...settlement.settled, ...other.settled].filter(({ isFirstResult }) => isFirstResult);
    expect(told).toHaveLength(ids.length);
    for (const { verdicts } of rows) expect([['won'], ['lost', 'open', 'lost']]).toContainEqual(verdicts);
  });

  it('of a half wait while its format is in doubt, and are decided or void once somebody says it', async () => {
    settlement = await SettlementOnPostgres.open();
    const ids = [await settlement.predict('m1', 'IY 0.5 ÜST'), await settlement.predict('m2', 'IY X')] as const;
    for (const matchId of ['m1', 'm2']) {
      await settlement.sql.query(
        `INSERT INTO livescore_format_dispute (match_id, format, played_s) VALUES ($1, '2x45+2x15', 1500)`,
        [matchId],
      );
      await settlement.commit(matchId, { status: 2 }, { status: 3 });
    }
    await settlement.look();
    for (const id of ids) {
      expect(await settlement.resultOf(id)).toMatchObject({ result: 'pending', result_reason: 'awaiting_format' });
    }
    await settlement.sql.query(
      `INSERT INTO livescore_match_format (scope, id, format, changed_at)
       VALUES ('match', 'm1', '2x30', clock_timestamp()), ('match', 'm2', '3x30', clock_timestamp())`,
    );
    await settlement.look();
    expect(await settlement.resultOf(ids[0])).toMatchObject({ result: 'lost' });
    expect(await settlement.resultOf(ids[1])).toMatchObject({ result: 'cancelled', result_reason: 'void_format' });
    expect(await settlement.revisionsOf(ids[1])).toMatchObject([
      { verdict: 'awaiting' },
      { verdict: 'void', cause: 'format' },
    ]);
  });

  it('of a match with more versions than are read at once are decided by all of them, also when they come late', async () => {
    settlement = await SettlementOnPostgres.open();
    await settlement.commit('m1', { status: 2, secondsAgo: 600 });
    await settlement.sql.query(
      `INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at)
       SELECT 'm1', 0, n, 'mqtt', jsonb_set(j.after, '{home,0}', to_jsonb(CASE WHEN n > 150 THEN 1 ELSE 0 END)),
         now() - (600 - n) * interval '1 second'
       FROM generate_series(2, 450) n, livescore_journal j WHERE j.match_id = 'm1'`,
    );
    const early = await settlement.predict('m1', 'MS 0.5 ÜST');
    const late = await settlement.predict('m1', 'MS 0.5 ÜST');
    await settlement.sql.query('UPDATE ai_predictions SET created_at = now() WHERE id = $1', [late]);
    await settlement.look();
    for (const id of [early, late]) {
      expect(await settlement.resultOf(id)).toMatchObject({ result: 'won' });
      expect(await settlement.revisionsOf(id)).toMatchObject([{ revision: 1, basis: '1-0' }]);
    }
  });
});
