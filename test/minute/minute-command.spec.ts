import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { runCli } from '../support/run-cli.js';

const T = 1_768_660_000;

describe('livescore minute', () => {
  let rows: PgScoreRows;
  beforeAll(async () => {
    rows = await PgScoreRows.open();
    await rows.sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time, competition_id, first_half_kickoff_ts,
         second_half_kickoff_ts, minute, minute_source) VALUES
         ('half', 4, ${T}, 'adults', ${T}, ${T + 3_900}, 60, 'computed'),
         ('guess', 2, ${T}, 'adults', NULL, NULL, NULL, NULL),
         ('youth', 4, ${T}, 'youth', ${T}, ${T + 2_700}, 31, 'mqtt'),
         ('ended', 8, ${T}, 'adults', ${T}, ${T + 3_900}, 94, NULL)`,
    );
    await rows.sql.query(
      `INSERT INTO livescore_match_format (scope, id, format) VALUES ('competition', 'youth', '2x30')`,
    );
  });
  afterAll(() => rows.close());

  const run = (...argv: string[]) => runCli(['minute', ...argv], { DATABASE_URL: rows.url });
  const json = async (...argv: string[]) => JSON.parse((await run(...argv, '--json')).stdout);

  it('says what the minute comes from, by which rule, between which bounds', async () => {
    const { exitCode, stdout } = await run('half', '--at', String(T + 3_900 + 1_290));
    expect(exitCode).toBe(0);
    expect(stdout.replace(/ {2,}/g, ' ').split('\n')).toEqual([
      'at 2026-01-17T15:53:10Z',
      'status 4 second-half',
      'format 2x45+2x15',
      'kick-off 2026-01-17T15:31:40Z',
      'rule 45 + 1290 s / 60 + 1 = 67, within 46–105',
      'minute 67',
      "text 67'",
      'stored 60 by computed',
    ]);
  });

  it('tells a clamp, an estimate and a format', async () => {
    expect((await run('half', '--at', String(T + 3_900 + 7_200))).stdout).toContain('= 166, clamped to 46–105');
    expect((await run('guess', '--at', String(T + 61))).stdout).toMatch(/\(estimated\)[\s\S]*minute +2\n/);
    expect(await json('youth', '--at', String(T + 2_700 + 1_860))).toMatchObject({
      format: '2x30+2x15',
      reading: { minute: 62, least: 31, most: 75 },
      text: "60+2'",
      stored: 31,
    });
  });

  it('says why there is no minute, and that the stored one stays', async () => {
    expect(await run('half', '--at', String(T))).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('refused: the kick-off is in the future'),
    });
    expect((await run('half', '--at', String(T + 3_900 + 7_260))).stdout).toContain('more than 120 minutes ago');
    expect((await run('ended')).stdout).toContain('this status has no minute of its own');
    expect(await run('nobody')).toMatchObject({ exitCode: 1, stderr: 'No match nobody' });
  });

  it('sets the mode for all hosts', async () => {
    expect(await run('--set', 'shadow', '--reason', 'to compare', '--by', 'me')).toMatchObject({ exitCode: 0 });
    const { rows: settings } = await rows.sql.query(
      `SELECT value, changed_by, reason FROM livescore_setting WHERE name = 'minute_mode'`,
    );
    expect(settings).toEqual([{ value: 'shadow', changed_by: 'me', reason: 'to compare' }]);
  });

  it.each([[[]], [['a', 'b']], [['--set', 'maybe']], [['--set', 'on', 'a']], [['half', '--at', 'noon']]])(
    'refuses %p',
    async (argv) => {
      expect((await run(...argv)).exitCode).toBe(2);
    },
  );
});
