import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const SECOND = T + 62 * 60;

interface Answer {
  readonly dryRun: boolean;
  readonly matches: readonly {
    readonly matchId: string;
    readonly result: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly pinned: readonly string[];
}

describe('livescore revert', () => {
  let rows: PgScoreRows;
  let path: DirectPathOnPostgres;
  let next = 0;
  let m: string;

  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  beforeEach(async () => {
    m = `m${next++}`;
    await rows.sql.query(`DELETE FROM livescore_rollout; DELETE FROM livescore_pin; DELETE FROM livescore_foreign_write;
      UPDATE livescore_setting SET value = 'off'`);
    await rows.insert(m);
    path = await DirectPathOnPostgres.on(rows);
  });
  afterEach(() => path.stop());

  const cli = (...argv: string[]) => runCli(['revert', ...argv], { DATABASE_URL: rows.url, USER: 'ada' });
  async function revert(...argv: string[]): Promise<Answer & { readonly exitCode: number }> {
    const { exitCode, stdout } = await cli(...argv, '--yes', '--json');
    return { exitCode, ...(JSON.parse(stdout) as Answer) };
  }

  async function secondHalf(): Promise<void> {
    await path.tell(m, { atS: T, status: 2, kickoffS: T, providerTimeS: T });
    await path.tell(m, { atS: T + 600, status: 2, home: slots(1), kickoffS: T, providerTimeS: T + 600 });
  }

  /** Database time between the changes before and after, in whole milliseconds: those before are not of the same one. */
  async function now(): Promise<string> {
    const { rows: found } = await rows.sql.query<{ now: Date }>(
      `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond' AS now`,
    );
    await rows.sql.query('SELECT pg_sleep(0.005)');
    return (found[0]?.now ?? new Date(0)).toISOString();
  }

  const end = () =>
    path.tell(m, {
      atS: SECOND,
      status: 8,
      home: slots(3, { red: 1, corners: 4 }),
      away: slots(2),
      providerTimeS: SECOND,
    });

  it('puts back status, score, kick-offs and both times, with a journal row and a new version', async () => {
    await secondHalf();
    const before = await rows.row(m);
    const since = await now();
    await path.tell(m, {
      atS: SECOND - 60,
      status: 4,
      home: slots(2),
      kickoffS: SECOND - 60,
      providerTimeS: SECOND - 60,
    });
    await end();
    const { exitCode, matches } = await revert('--match', m, '--since', since);
    expect([exitCode, matches]).toEqual([0, [{ matchId: m, result: 'reverted', from: '8 3-2', to: '2 1-0' }]]);
    const after = await rows.row(m);
    const same = [
      'status_id',
      'home_scores',
      'away_scores',
      'home_score_display',
      'home_score_regular',
      'home_red_cards',
      'home_corners',
      'away_score_display',
      'first_half_kickoff_ts',
      'second_half_kickoff_ts',
      'provider_update_time',
      'score_seen_at',
      'score_reached',
      'kickoff_source',
      'ended',
    ];
    for (const column of same) expect([column, after[column]]).toEqual([column, before[column]]);
    expect(after).toMatchObject({
      score_version: '5',
      status_id_source: 'revert',
      home_score_source: 'revert',
      last_update_source: 'revert',
    });
    expect((await rows.journal(m)).at(-1)).toEqual({ epoch: 0, version: 5, source: 'revert' });
  });

  it('is told by the host as a change of the score, is not judged away, and asks the provider', async () => {
    await secondHalf();
    const since = await now();
    await path.tell(m, { atS: T + 700, status: 2, home: slots(2), kickoffS: T });
    path.commits.length = 0;
    await revert('--match', m, '--since', since);
    for (let n = 0; n < 3; n++) await path.round();
    expect(path.told(m)).toEqual(['score-changed']);
    expect(await rows.row(m)).toMatchObject({ home_score_display: 1 });
    expect(path.asked).toEqual([m]);
    await path.tell(m, { atS: T + 800, status: 2, home: slots(2), kickoffS: T, providerTimeS: T + 800 });
    expect(path.told(m).slice(0, 2)).toEqual(['score-changed', 'goal']);
  });

  it('is told once about a match that the host does not follow any more', async () => {
    await secondHalf();
    const since = await now();
    await end();
    await path.states.release(m, 1_000);
    path.commits.length = 0;
    await revert('--match', m, '--since', since);
    for (let n = 0; n < 3; n++) await path.round();
    expect(path.told(m)).toEqual(['state-changed', 'kick-off', 'score-changed']);
  });

  it('gives back what the legacy path had written: columns without slots', async () => {
    await rows.sql.query(
      `UPDATE ts_matches SET status_id = 2, home_score_display = 1, home_score_regular = 1, home_scores = NULL WHERE external_id = $1`,
      [m],
    );
    await path.tell(m, { atS: T + 900, status: 4, home: slots(2), away: slots(2), kickoffS: T + 900 });
    expect((await revert('--match', m)).counts).toEqual({ reverted: 1 });
    expect(await rows.row(m)).toMatchObject({
      status_id: 2,
      home_scores: null,
      home_score_display: 1,
      home_score_regular: 1,
      away_score_display: 0,
      provider_update_time: null,
      score_seen_at: null,
    });
  });

  it('only shows what it would do, and does the same afterwards', async () => {
    await secondHalf();
    const before = await rows.row(m);
    const dry = await cli('--match', m, '--dry-run');
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toMatch(new RegExp(`${m} +2 1-0 +1 0-0 +would-revert`));
    expect(await rows.row(m)).toEqual(before);
    const done = await cli('--match', m, '--yes');
    expect(done.stdout).toMatch(new RegExp(`${m} +2 1-0 +1 0-0 +reverted\\nreverted: 1 matches$`));
    expect(await revert('--match', m)).toMatchObject({ exitCode: 1, counts: { 'nothing-to-do': 1 } });
  });

  it.each([
    ['the trigger noticed', 'observe', 'status_id = 3'],
    ['nobody noticed', 'off', 'home_score_display = 5'],
    ['nobody noticed, of a kick-off', 'off', 'first_half_kickoff_ts = 5'],
  ])('leaves a match alone that somebody else wrote since: %s', async (_what, mode, change) => {
    await secondHalf();
    await rows.sql.query('UPDATE livescore_setting SET value = $1', [mode]);
    await rows.sql.query(`UPDATE ts_matches SET ${change} WHERE external_id = $1`, [m]);
    const before = await rows.row(m);
    expect(await revert('--match', m)).toMatchObject({ exitCode: 1, counts: { 'newer-write': 1 } });
    expect(await rows.row(m)).toEqual(before);
  });

  it('leaves a row alone that somebody has locked, and takes the others', async () => {
    const since = await now();
    await secondHalf();
    const other = `${m}-free`;
    await rows.insert(other);
    await path.tell(other, { atS: T + 700, status: 2, kickoffS: T });
    const unlock = await rows.lock(m);
    const { exitCode, counts, matches } = await revert('--since', since);
    await unlock();
    expect([exitCode, counts]).toEqual([1, { reverted: 1, locked: 1 }]);
    expect(matches.find(({ result }) => result === 'locked')?.matchId).toBe(m);
  });

  it('ends the protection, and keeps the settlement of what it takes back', async () => {
    await rows.sql.query(`UPDATE livescore_setting SET value = 'protect'`);
    await path.round();
    await secondHalf();
    await rows.sql.query('UPDATE livescore_journal SET settled_at = now() WHERE match_id = $1', [m]);
    await revert('--match', m);
    expect(await rows.row(m)).toMatchObject({ score_protected_until: null });
    const { rows: journal } = await rows.sql.query(
      'SELECT settled_at IS NOT NULL AS settled FROM livescore_journal WHERE match_id = $1 ORDER BY version',
      [m],
    );
    expect(journal.map(({ settled }) => settled)).toEqual([true, true, false]);
  });

  it('takes a canary back: matches in its share are pinned to the legacy path first, the others are not touched', async () => {
    await secondHalf();
    await rows.sql.query(
      `INSERT INTO livescore_rollout (stage, percent, allow_matches, changed_by, reason)
       VALUES ('canary', 0, jsonb_build_array($1::text), 'ada', 'try')`,
      [m],
    );
    const other = `${m}-other`;
    await rows.insert(other);
    await path.tell(other, { atS: T + 650, status: 2, kickoffS: T });
    await path.tell(m, { atS: T + 700, status: 2, home: slots(2), kickoffS: T });
    const answer = await revert('--cohort', 'canary', '--reason', 'wrong');
    expect(answer).toMatchObject({ exitCode: 0, pinned: [m], matches: [{ matchId: m, to: '2 1-0' }] });
    const { rows: pins } = await rows.sql.query('SELECT match_id, route, pinned_by, reason FROM livescore_pin');
    expect(pins).toEqual([{ match_id: m, route: 'legacy', pinned_by: 'ada', reason: 'wrong' }]);
    expect((await revert('--match', other, '--no-pin')).pinned).toEqual([]);
  });

  it('takes a thousand matches back', async () => {
    await rows.sql.query(
      `INSERT INTO ts_matches (external_id, status_id) SELECT 'k' || g, 1 FROM generate_series(1, 1000) g`,
    );
    const since = await now();
    for (let n = 1; n <= 1000; n++) path.mention(`k${n}`, { atS: T, status: 2, kickoffS: T });
    await path.settled();
    for (let n = 1; n <= 1000; n++) path.mention(`k${n}`, { atS: T + 60, status: 2, home: slots(1), kickoffS: T });
    await path.settled();
    const started = performance.now();
    const { counts } = await revert('--since', since);
    console.log(`1,000 matches reverted in ${Math.round(performance.now() - started)} ms`);
    expect(counts).toEqual({ reverted: 1000 });
    const { rows: left } = await rows.sql.query(
      `SELECT count(*)::int AS n FROM ts_matches WHERE external_id LIKE 'k%' AND (status_id <> 1 OR home_score_display <> 0)`,
    );
    expect(left).toEqual([{ n: 0 }]);
  });

  it('says what is missing', async () => {
    expect(await runCli(['revert', '--match', m], {})).toMatchObject({ exitCode: 2 });
    expect((await cli()).stderr).toContain('--match, --since or --cohort');
    expect((await cli('--since', '1s', '--until', '1s')).exitCode).toBe(1);
    expect((await cli('--help')).stdout).toContain('livescore pin MATCH --remove');
  });
});

describe('livescore foreign-writers', () => {
  let rows: PgScoreRows;
  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  const cli = (...argv: string[]) => runCli(['foreign-writers', ...argv], { DATABASE_URL: rows.url, USER: 'ada' });

  it('shows and changes the mode, which the trigger follows at once', async () => {
    expect((await cli()).stdout).toMatch(/^mode +off\n/);
    const { exitCode, stdout } = await cli('set', 'observe', '--reason', 'evening', '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        mode: 'observe',
        changedBy: 'ada',
        reason: 'evening',
        authorities: ['api_force_refresh', 'api_manual_refresh'],
      },
    ]);
    await rows.insert('m');
    await rows.sql.query(`UPDATE ts_matches SET status_id = 2 WHERE external_id = 'm'`);
    expect(await rows.journal('m')).toEqual([{ epoch: 0, version: 1, source: 'foreign' }]);
    expect((await cli('get')).stdout).toMatch(/passed, last hour +1$/);
  });

  it.each([[['set']], [['set', 'on']], [['get', 'off']], [['status']]])('refuses %j', async (argv) => {
    expect((await cli(...argv)).exitCode).toBe(2);
  });
});
