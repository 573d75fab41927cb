import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgChangeStore } from '../../src/sync/adapters/pg/pg-change-store.js';
import { PgDeletionStore } from '../../src/sync/adapters/pg/pg-deletion-store.js';
import { PgFixtureStore } from '../../src/sync/adapters/pg/pg-fixture-store.js';
import { FIXTURE_FIELDS } from '../../src/sync/match/fixture-fields.js';
import type { Fixture, StoredFixtureField } from '../../src/sync/ports/fixture-store.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

const NO_MARKS_MS = 0;

describe('the stores of the match side on PostgreSQL', () => {
  let rows: PgScoreRows;
  let store: PgFixtureStore;
  let fields: readonly StoredFixtureField[];

  beforeAll(async () => {
    rows = await PgScoreRows.open();
    store = new PgFixtureStore(rows.connection);
    ({ fields } = await store.columns(FIXTURE_FIELDS));
  });
  afterAll(() => rows.close());

  const fixture = (matchId: string, values: Fixture['values'] = {}, updatedAtS: number | null = 1_768_600_000) => ({
    matchId,
    updatedAtS,
    values: { match_time: 1_768_662_000, ...values },
  });
  const save = async (...fixtures: Fixture[]) =>
    Object.fromEntries(
      (await store.save(fields, fixtures, NO_MARKS_MS)).map(({ matchId, fate }) => [matchId, fate] as const),
    );
  /** changes with every rewrite of the row */
  const place = async (matchId: string) => {
    const { rows: found } = await rows.sql.query(
      'SELECT xmin::text, ctid::text FROM ts_matches WHERE external_id = $1',
      [matchId],
    );
    return found[0];
  };

  it('takes every field of a fixture where the platform’s table is whole', async () => {
    expect(await store.columns(FIXTURE_FIELDS)).toMatchObject({
      fields: { length: FIXTURE_FIELDS.length },
      leftOut: [],
    });
  });

  it('adds a match with its fixture, status 1, and no score', async () => {
    const values = {
      season_id: 's1',
      competition_id: 'c1',
      home_team_id: 'h1',
      away_team_id: 'a1',
      neutral: true,
      home_position: 3,
      coverage_mlive: true,
      group_num: 0,
      round_num: 12,
      stage_id: 'st1',
      agg_score: '[1,2]',
      environment_weather: '5',
      has_ot: false,
    };
    expect(await save(fixture('new-1', values))).toEqual({ 'new-1': 'added' });
    expect(await rows.row('new-1')).toMatchObject({
      ...values,
      status_id: 1,
      match_time: '1768662000',
      external_updated_at: '1768600000',
      home_scores: null,
      home_score_display: 0,
      venue_id: null,
    });
  });

  it('rewrites nothing that is as it is told, and only what differs', async () => {
    await save(fixture('same-1', { note: 'a' }), fixture('same-2', { note: 'a' }));
    const before = await place('same-1');
    expect(await save(fixture('same-1', { note: 'a' }), fixture('same-2', { note: 'b' }, 1_768_600_001))).toEqual({
      'same-1': 'same',
      'same-2': 'changed',
    });
    expect(await place('same-1')).toEqual(before);
    expect(await rows.row('same-2')).toMatchObject({ note: 'b', external_updated_at: '1768600001' });
  });

  it('loses no value that an entry does not name', async () => {
    await save(fixture('keep-1', { note: 'a', venue_id: 'v1', neutral: true }));
    await save({ matchId: 'keep-1', updatedAtS: null, values: { match_time: 1_768_662_000, note: 'b' } });
    expect(await rows.row('keep-1')).toMatchObject({
      note: 'b',
      venue_id: 'v1',
      neutral: true,
      external_updated_at: '1768600000',
    });
  });

  it('leaves a row alone that knows a later state of the entry', async () => {
    await save(fixture('old-1', { note: 'new' }, 1_768_600_100));
    const before = await place('old-1');
    expect(await save(fixture('old-1', { note: 'old' }, 1_768_600_099))).toEqual({ 'old-1': 'older' });
    expect(await place('old-1')).toEqual(before);
  });

  it('never waits for a row that somebody holds', async () => {
    await save(fixture('held-1'), fixture('held-2'));
    const release = await rows.lock('held-1');
    expect(await save(fixture('held-1', { note: 'x' }), fixture('held-2', { note: 'x' }))).toEqual({
      'held-1': 'busy',
      'held-2': 'changed',
    });
    await release();
    expect(await save(fixture('held-1', { note: 'x' }))).toEqual({ 'held-1': 'changed' });
  });

  it('is no foreign writer: neither version nor journal move', async () => {
    await rows.sql.query(
      `INSERT INTO livescore_setting (name, value) VALUES ('foreign_writer_mode', 'protect') ON CONFLICT (name) DO UPDATE SET value = 'protect'`,
    );
    await rows.insert('guarded-1');
    await rows.sql.query(
      `UPDATE ts_matches SET score_protected_until = now() + interval '1 hour', score_version = 7 WHERE external_id = 'guarded-1'`,
    );
    expect(await save(fixture('guarded-1', { note: 'x' }))).toEqual({ 'guarded-1': 'changed' });
    expect(await rows.row('guarded-1')).toMatchObject({ note: 'x', score_version: '7' });
    const { rows: traces } = await rows.sql.query(`SELECT FROM livescore_foreign_write WHERE match_id = 'guarded-1'`);
    expect(traces).toHaveLength(0);
  });

  it('tells what the row says of the score', async () => {
    await rows.insert('told-1');
    await rows.change('told-1', { status: 4, home: [2, 1, 0, 0, 3, 0, 0], away: [0, 0, 0, 0, 1, 0, 0] });
    expect(await store.save(fields, [fixture('told-1')], NO_MARKS_MS)).toEqual([
      { matchId: 'told-1', fate: 'changed', status: 4, home: [2, 1, 0, 0, 3, 0, 0], away: [0, 0, 0, 0, 1, 0, 0] },
    ]);
  });

  it('takes what a table with other columns has, and says what it lacks', async () => {
    const other = await PgScoreRows.open();
    await other.sql.query(`ALTER TABLE ts_matches DROP COLUMN tbd, ALTER COLUMN neutral DROP DEFAULT,
      ALTER COLUMN neutral TYPE integer USING neutral::integer, ALTER COLUMN agg_score TYPE jsonb USING agg_score::jsonb,
      ALTER COLUMN note TYPE integer USING NULL`);
    const lean = new PgFixtureStore(other.connection);
    const columns = await lean.columns(FIXTURE_FIELDS);
    expect(columns.leftOut).toEqual(['tbd: missing', 'note: of type int4']);
    await lean.save(columns.fields, [fixture('lean-1', { neutral: true, agg_score: '[1,2]', tbd: true })], NO_MARKS_MS);
    expect(await other.row('lean-1')).toMatchObject({ neutral: 1, agg_score: [1, 2] });
    await other.close();
  });

  it('knows which matches have no row, and which are or should be in play', async () => {
    await rows.insert('live-1');
    await rows.change('live-1', { status: 2 });
    const nowS = Math.floor(Date.now() / 1000);
    for (const [id, offsetS] of Object.entries({ 'soon-1': 600, 'late-1': -3_600, 'far-1': 7_200, 'gone-1': -90_000 }))
      await save({ matchId: id, updatedAtS: null, values: { match_time: nowS + offsetS } });
    const ids = ['live-1', 'soon-1', 'late-1', 'far-1', 'gone-1', 'nobody-1'];
    expect(await store.withoutRow(ids)).toEqual(['nobody-1']);
    expect([...(await store.inPlay(ids, 900))].sort()).toEqual(['late-1', 'live-1', 'soon-1']);
  });

  describe('deletions', () => {
    const marks = async (id: string) => {
      const { rows: found } = await rows.sql.query(
        'SELECT seen_at, listed_at FROM livescore_sync_deleted WHERE external_id = $1',
        [id],
      );
      return found[0];
    };

    it('are marked once, and a mark stays as it is', async () => {
      const deletions = new PgDeletionStore(rows.connection);
      expect(await deletions.mark('team', ['del-1', 'del-1', 'del-2'], 25)).toEqual(['del-1', 'del-2']);
      const before = await marks('del-1');
      expect(await deletions.mark('team', ['del-1', 'del-3'], 25)).toEqual(['del-3']);
      expect(await marks('del-1')).toEqual(before);
    });

    it('are not marked anew while the provider still tells a deletion that it took back', async () => {
      const deletions = new PgDeletionStore(rows.connection);
      await deletions.mark('team', ['del-4', 'del-5'], 25);
      await rows.sql.query(`UPDATE livescore_sync_deleted
        SET listed_at = now() - CASE external_id WHEN 'del-4' THEN interval '24 hours' ELSE interval '26 hours' END
        WHERE external_id IN ('del-4', 'del-5')`);
      expect(await deletions.mark('team', ['del-4', 'del-5'], 25)).toEqual(['del-5']);
      expect((await marks('del-4'))?.listed_at).not.toBeNull();
      expect((await marks('del-5'))?.listed_at).toBeNull();
    });

    it('of a match are taken back by a list that was read later, and not by an earlier one', async () => {
      const deletions = new PgDeletionStore(rows.connection);
      await deletions.mark('match', ['back-1', 'back-2'], 25);
      await store.save(fields, [fixture('back-1')], Date.now() + 60_000);
      await store.save(fields, [fixture('back-2')], Date.now() - 60_000);
      expect((await marks('back-1'))?.listed_at).not.toBeNull();
      expect((await marks('back-2'))?.listed_at).toBeNull();
    });
  });

  describe('changes', () => {
    it('keep the newest per type and id, and rewrite nothing else', async () => {
      const changes = new PgChangeStore(rows.connection);
      const change = (updatedAtS: number | null, fate = 'kept') =>
        changes.keep([{ type: 3, of: 'season', id: 's1', updatedAtS, fate }]);
      expect(await change(null)).toBe(1);
      expect(await change(1_768_600_000)).toBe(1);
      expect(await change(1_768_600_000, 'told')).toBe(0);
      expect(await change(1_768_599_999, 'told')).toBe(0);
      expect(await change(1_768_600_001, 'told')).toBe(1);
      const { rows: found } = await rows.sql.query('SELECT update_time, fate FROM livescore_sync_change');
      expect(found).toEqual([{ update_time: '1768600001', fate: 'told' }]);
    });

    it('go after some days, in batches', async () => {
      const changes = new PgChangeStore(rows.connection);
      await changes.keep(['a', 'b', 'c'].map((id) => ({ type: 9, of: 'other', id, updatedAtS: null, fate: 'kept' })));
      await rows.sql.query(`UPDATE livescore_sync_change SET seen_at = now() - interval '8 days' WHERE type = 9`);
      expect(await changes.prune(7, 2)).toBe(2);
      expect(await changes.prune(7, 2)).toBe(1);
      expect(await changes.prune(7, 2)).toBe(0);
    });
  });
});
