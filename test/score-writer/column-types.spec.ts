import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { MatchStatus } from '../../src/domain/match-status.js';
import type { Slots } from '../../src/domain/score.js';
import { SCORE_COLUMNS, type ScoreColumn } from '../../src/platform/score-columns.js';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

/** Columns that the score statement writes beside the score. */
const BESIDE = ['minute', 'minute_timestamp', 'last_minute_update_ts', 'last_event_ts'] as const;

/** PostgreSQL refuses to retype what the trigger watches or an index compares: a host with other types has them so from the start. */
async function retype(rows: PgScoreRows, typeOf: (column: Pick<ScoreColumn, 'type'>) => string): Promise<void> {
  const { rows: obstacles } = await rows.sql.query<{ drop: string }>(`
    SELECT format('TRIGGER %I ON ts_matches', tgname) AS drop FROM pg_trigger
    WHERE tgrelid = 'ts_matches'::regclass AND NOT tgisinternal
    UNION ALL SELECT 'INDEX ' || indexrelid::regclass FROM pg_index
    WHERE indrelid = 'ts_matches'::regclass AND NOT indisunique`);
  for (const { drop } of obstacles) await rows.sql.query(`DROP ${drop}`);
  const columns = [...SCORE_COLUMNS, ...BESIDE.map((name) => ({ name, type: 'bigint' as const }))];
  const changes = columns.map((column) => {
    const type = typeOf(column);
    return `ALTER ${column.name} DROP DEFAULT, ALTER ${column.name} TYPE ${type} USING ${column.name}::text::${type}`;
  });
  await rows.sql.query(`ALTER TABLE ts_matches ${changes.join(', ')}`);
}

const counts = (type: string) => (column: Pick<ScoreColumn, 'type'>) =>
  column.type === 'integer' || column.type === 'bigint' ? type : column.type;

describe.each<[string, (column: Pick<ScoreColumn, 'type'>) => string]>([
  ['bigint', counts('bigint')],
  ['numeric', counts('numeric')],
  ['numeric with a scale', counts('numeric(14, 2)')],
  ['text', () => 'text'],
  ['json in place of jsonb', (column) => (column.type === 'jsonb' ? 'json' : column.type)],
])('on columns of type %s', (_type, typeOf) => {
  let rows: PgScoreRows;
  let path: DirectPathOnPostgres;

  beforeAll(async () => {
    rows = await PgScoreRows.open();
    await retype(rows, typeOf);
    await rows.insert('m');
    await rows.insert('n');
    path = await DirectPathOnPostgres.on(rows);
  });
  afterAll(async () => {
    await path.stop();
    await rows.close();
  });

  it('goals are told as numbers, and written to every column', async () => {
    await path.tell('m', { atS: T, status: 2, kickoffS: T, providerTimeS: T });
    await path.tell('m', { atS: T + 60, status: 2, home: slots(1), kickoffS: T, providerTimeS: T + 60 });
    await path.tell('m', {
      atS: T + 90,
      status: 2,
      home: slots(1, { corners: 3 }),
      away: slots(1),
      kickoffS: T,
      providerTimeS: T + 90,
    });
    expect(path.told('m').filter((type) => type.includes('goal'))).toEqual(['goal', 'goal']);
    expect(JSON.stringify(path.commits.map(({ events }) => events))).not.toMatch(/Score":"/);
    const state = (await rows.store.load(['m'])).get('m');
    expect(state).toMatchObject({
      version: 3,
      status: 2,
      home: slots(1, { corners: 3 }),
      away: slots(1),
      shown: { home: 1, away: 1 },
      kickoffs: { firstHalfS: T },
      providerTimeS: T + 90,
      torn: false,
    });
    expect(Number((await rows.row('m')).home_corners)).toBe(3);
  });

  it('many rows are written in one statement, and the drift check finds them as they are', async () => {
    path.mention('m', { atS: T + 120, status: 2, home: slots(2, { corners: 3 }), away: slots(1), kickoffS: T });
    path.mention('n', { atS: T + 120, status: 2, home: slots(1), kickoffS: T });
    path.mention('m', {
      atS: T + 121,
      status: 2,
      home: slots(3, { corners: 3 }),
      away: slots(1),
      providerTimeS: T + 121,
    });
    path.mention('n', { atS: T + 121, status: 2, home: slots(2), kickoffS: T });
    await path.settled();
    const told = path.commits.length;
    await path.round();
    expect(path.commits).toHaveLength(told);
    await rows.sql.query(`UPDATE ts_matches SET home_score_display = home_score_regular, home_scores = '[0,0,0,0,0,0,0]',
      home_score_regular = '0', home_score_overtime = '0' WHERE external_id = 'n'`);
    for (let n = 0; n < 2; n++) await path.round();
    expect((await rows.store.load(['n'])).get('n')).toMatchObject({ home: slots(2), torn: false });
  });

  it('what was written is taken back', async () => {
    const { exitCode, stdout } = await runCli(['revert', '--match', 'm', '--yes', '--json'], {
      DATABASE_URL: rows.url,
      USER: 'a',
    });
    expect([exitCode, JSON.parse(stdout).matches]).toEqual([
      0,
      [{ matchId: 'm', result: 'reverted', from: '2 3-1', to: '1 0-0' }],
    ]);
    expect((await rows.store.load(['m'])).get('m')).toMatchObject({ status: 1, shown: { home: 0, away: 0 } });
  });
});

describe('a row', () => {
  let rows: PgScoreRows;
  let path: DirectPathOnPostgres;
  const warn = jest.spyOn(Logger.prototype, 'warn');

  beforeAll(async () => {
    rows = await PgScoreRows.open();
    await retype(rows, () => 'text');
  });
  afterAll(() => rows.close());
  beforeEach(async () => {
    warn.mockReset();
    path = await DirectPathOnPostgres.on(rows);
  });
  afterEach(() => path.stop());

  it.each([
    ['home_corners', 'many', 'text that is no number'],
    ['away_score_display', '1.5', 'a fraction'],
    ['home_red_cards', '-2', 'a negative number'],
    ['status_id', 'live', 'text that is no number'],
    ['overtime_kickoff_ts', '2026-05-01', 'text that is no number'],
    ['minute', "45'", 'text that is no number'],
    ['provider_update_time', '9007199254740993', 'a number too large'],
  ])(
    'with a %s that cannot be read is told, left as it is, and does not hold up the others',
    async (column, value, kind) => {
      const [bad, good] = [`bad-${column}`, `good-${column}`];
      for (const id of [bad, good]) await rows.insert(id);
      await rows.sql.query(`UPDATE ts_matches SET ${column} = $2 WHERE external_id = $1`, [bad, value]);
      const before = await rows.row(bad);
      path.mention(bad, { atS: T, status: 2, kickoffS: T });
      path.mention(good, { atS: T, status: 2, kickoffS: T });
      await path.settled();
      expect(await rows.row(bad)).toEqual(before);
      expect(await rows.row(good)).toMatchObject({ status_id: '2' });
      const message = `Column ts_matches.${column} of match ${bad} holds ${kind}: correct the value, or the type of the column`;
      expect(warn.mock.calls).toContainEqual([expect.any(String), expect.objectContaining({ message })]);
    },
  );

  it('whose value is put right is written with what waited', async () => {
    await rows.insert('late');
    await rows.sql.query(`UPDATE ts_matches SET home_corners = 'many' WHERE external_id = 'late'`);
    await path.tell('late', { atS: T, status: 2, kickoffS: T });
    await rows.sql.query(`UPDATE ts_matches SET home_corners = '4' WHERE external_id = 'late'`);
    await path.tell('late', { atS: T + 1, status: 2, home: slots(1), kickoffS: T });
    expect(await rows.row('late')).toMatchObject({ status_id: '2', home_score_display: '1' });
  });

  it('that cannot be read any more is left alone by a revert', async () => {
    await rows.insert('back');
    await path.tell('back', { atS: T, status: 2, kickoffS: T });
    await rows.sql.query(`UPDATE ts_matches SET home_score_display = 'none' WHERE external_id = 'back'`);
    const { exitCode, stdout } = await runCli(['revert', '--match', 'back', '--yes', '--json'], {
      DATABASE_URL: rows.url,
      USER: 'a',
    });
    expect([exitCode, JSON.parse(stdout).counts]).toEqual([1, { unreadable: 1 }]);
  });
});

describe('slots as JSON text inside JSON', () => {
  let rows: PgScoreRows;
  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  it('are read, and written again as an array with the next frame', async () => {
    await rows.insert('m');
    await rows.sql.query(`UPDATE ts_matches SET home_scores = to_jsonb('[1,0,0,0,3,0,0]'::text),
      away_scores = to_jsonb('[0,0,0,0,0,0,0]'::text), home_score_display = 1, home_score_regular = 1, home_corners = 3`);
    expect((await rows.store.load(['m'])).get('m')).toMatchObject({ home: slots(1, { corners: 3 }), torn: true });
    const path = await DirectPathOnPostgres.on(rows);
    await path.tell('m', { atS: T, status: 1, home: slots(1, { corners: 3 }) });
    await path.stop();
    expect(await rows.row('m')).toMatchObject({
      home_scores: [1, 0, 0, 0, 3, 0, 0],
      away_scores: [0, 0, 0, 0, 0, 0, 0],
    });
    expect(path.told('m')).not.toContain('goal');
  });
});

interface CaseLine {
  readonly sql?: string;
  readonly seed?: string;
  readonly frame?: readonly [id: string, status: MatchStatus, home: Slots, away: Slots, kickoff: string];
  readonly want?: { readonly match: string; readonly score: string; readonly goal_frames: number };
}

it('the case of a bigint column of corners', async () => {
  const text = readFileSync('test/fixtures/cases/06-bigint-column.jsonl', 'utf8');
  const rows = await PgScoreRows.open();
  const path = await DirectPathOnPostgres.on(rows);
  for (const line of text.trim().split('\n')) {
    const { sql, seed, frame, want } = JSON.parse(line) as CaseLine;
    if (sql) await rows.sql.query(sql);
    if (seed) await rows.insert(seed);
    if (frame) {
      const [id, status, home, away, kickoff] = frame;
      await path.tell(id, {
        atS: T + 600,
        status,
        home,
        away,
        kickoffS: T + 600 + Number(kickoff.slice('now'.length)),
      });
    }
    if (!want) continue;
    const goals = path.commits.flatMap(({ events }) => events).filter(({ type }) => type === 'goal');
    expect(goals).toHaveLength(want.goal_frames);
    expect(goals).toMatchObject([{ homeScore: 1, awayScore: 0 }]);
    const { home_score_display: home, away_score_display: away } = await rows.row(want.match);
    expect(`${home}-${away}`).toBe(want.score);
  }
  await path.stop();
  await rows.close();
});
