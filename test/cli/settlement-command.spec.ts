import { afterEach, describe, expect, it } from '@jest/globals';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { SettlementOnPostgres, type Version } from '../support/settlement-on-postgres.js';

guardAgainstLeaks();

const HIDDEN = '\u001b\u202e';
const NOBODY = '00000000-0000-4000-8000-000000000000';

let settlement: SettlementOnPostgres;

function run(...argv: string[]): Promise<CliResult> {
  return runCli(['settlement', ...argv], { DATABASE_URL: settlement.rows.url });
}

async function json(...argv: string[]) {
  return JSON.parse((await run(...argv, '--json')).stdout);
}

async function settled(matchId: string, ...versions: readonly Version[]): Promise<void> {
  await settlement.commit(matchId, ...versions);
  await settlement.look();
}

describe('livescore settlement', () => {
  it.each([
    [[]],
    [['report', 'm1']],
    [['report', '--void']],
    [['report', '--since', 'noon']],
    [['explain']],
    [['explain', NOBODY, NOBODY]],
    [['explain', NOBODY, '--confirm-after-ms', 'x']],
    [['redo']],
    [['redo', 'm1', '--void', '--played']],
    [['redo', 'm1', '--reason', 'x']],
    [['redo', 'm1', '--void', '--reason', ' ']],
    [['redo', 'm1', '--since', '1d']],
    [['--set', 'maybe']],
    [['--set', 'on', 'report']],
    [['--set', 'on', '--void']],
    [['undo', 'm1']],
  ])('refuses %p', async (argv) => {
    expect(await runCli(['settlement', ...argv], { DATABASE_URL: 'postgres://127.0.0.1:1/none' })).toMatchObject({
      exitCode: 2,
      stderr: expect.not.stringMatching(/127\.0\.0\.1|DATABASE_URL/),
    });
  });
});

describe('livescore settlement report', () => {
  afterEach(() => settlement.close());

  it('counts verdicts, what was reversed, and what waits with its deadline', async () => {
    settlement = await SettlementOnPostgres.open();
    await settlement.predict('m1', 'MS 0.5 ÜST');
    await settlement.predict('m1', 'MS 5.5 ÜST');
    await settlement.predict('m2', 'MS 1');
    await settled('m1', { status: 2 }, { status: 2, score: [1, 0] }, { status: 2 });
    await settled('m2', { status: 2 }, { status: 10 });
    expect(await json('report')).toMatchObject({
      mode: null,
      verdicts: [
        { verdict: 'awaiting', certainty: 1, predictions: 1 },
        { verdict: 'open', certainty: 1, predictions: 1 },
      ],
      reversed: 1,
      awaiting: { predictions: 1, nextDeadline: expect.stringMatching(/^\d{4}-.*Z$/) },
      unknownTexts: { count: 0, shown: [] },
      others: { count: 0 },
      shadow: { compared: 0, count: 0 },
      behind: { count: 0 },
      heldBack: { count: 0 },
      moved: { count: 0 },
    });
    const { exitCode, stdout } = await run('report');
    expect(exitCode).toBe(0);
    expect(stdout.replace(/ {2,}/g, ' ')).toMatch(
      /\nawaiting 1 1\nopen 1 1\n[\s\S]*\nreversed 1\nawaiting 1, the next/,
    );
    expect(await json('report', '--since', '0s')).toMatchObject({ verdicts: [{ verdict: 'awaiting' }] });
  });

  it('names texts that no market knows, and none of them moves a cursor', async () => {
    settlement = await SettlementOnPostgres.open();
    const hostile = 'Köşe\u001b[2J\u202e\n9.5';
    for (const text of [hostile, hostile, 'MS 1X', 'MS 1']) await settlement.predict('m1', text);
    for (let n = 0; n < 25; n++) await settlement.predict('m2', `Kart ${n}`);
    await settled('m1', { status: 2 });
    await settled('m2', { status: 2 });
    const { unknownTexts } = await json('report');
    expect(unknownTexts.count).toBe(27);
    expect(unknownTexts.shown).toHaveLength(20);
    expect(unknownTexts.shown[0]).toEqual({ text: hostile, threshold: '0.5', predictions: 2 });
    const { stdout } = await run('report');
    expect(stdout).toContain('Köşe\uFFFD[2J\uFFFD\uFFFD9.5');
    expect([...HIDDEN].filter((letter) => stdout.includes(letter))).toEqual([]);
  });

  it('lists results that are not ours', async () => {
    settlement = await SettlementOnPostgres.open();
    const [before, after] = [await settlement.predict('m1', 'MS 1'), await settlement.predict('m1', 'MS 0.5 ÜST')];
    const lose = `UPDATE ai_predictions SET result = 'lost' WHERE id = $1`;
    await settlement.sql.query(lose, [before]);
    await settled('m1', { status: 2, score: [1, 0] });
    await settlement.sql.query(lose, [after]);
    const { others } = await json('report');
    expect(others.count).toBe(2);
    expect(others.shown).toEqual(
      expect.arrayContaining([
        { predictionId: before, matchId: 'm1', theirs: 'lost', ours: null },
        { predictionId: after, matchId: 'm1', theirs: 'lost', ours: 'won' },
      ]),
    );
    expect((await run('report')).stdout.replace(/ {2,}/g, ' ')).toContain(`${after} m1 lost won`);
  });

  it('ends with 1 when the shadow differs from the rows', async () => {
    settlement = await SettlementOnPostgres.open({ mode: 'shadow' });
    const [same, other] = [await settlement.predict('m1', 'MS 0.5 ÜST'), await settlement.predict('m1', 'MS 0.5 ÜST')];
    await settlement.predict('m1', 'MS 0.5 ÜST');
    await settled('m1', { status: 2, score: [1, 0] });
    await settlement.sql.query(`UPDATE ai_predictions SET result = 'won' WHERE id = $1`, [same]);
    expect(await run('report')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('of 1 compared') });
    await settlement.sql.query(`UPDATE ai_predictions SET result = 'lost' WHERE id = $1`, [other]);
    const { exitCode, stdout } = await run('report', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      shadow: { compared: 2, count: 1, shown: [{ predictionId: other, matchId: 'm1', theirs: 'lost', ours: 'won' }] },
      others: { count: 0 },
    });
  });

  it('says which matches are behind the journal, and which changes are held back', async () => {
    settlement = await SettlementOnPostgres.open({ confirmAfterMs: 1_000 });
    await settlement.predict('m1', 'MS 1');
    await settlement.predict('m2', 'MS 1');
    await settled('m1', { status: 4, score: [1, 0] }, { status: 8, score: [1, 0] });
    await settlement.commit('m2', { status: 2 });
    await settlement.commit('nobody', { status: 2 });
    expect((await json('report')).behind).toMatchObject({
      count: 1,
      shown: [{ matchId: 'm2', settled: null, journal: '0.1' }],
    });
    await settled('m1', { status: 4, score: [1, 1], secondsAgo: 10 });
    expect(await json('report')).toMatchObject({
      behind: { count: 0 },
      heldBack: { count: 1, shown: [{ matchId: 'm1' }] },
    });
    expect((await run('report')).stdout).toMatch(/held back +m1/);
  });

  it('finds matches that were made again under another id', async () => {
    settlement = await SettlementOnPostgres.open();
    const day = 86_400;
    await settlement.sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time, home_team_id, away_team_id) VALUES
         ('put-off', 9, 1700000000, 'a', 'b'), ('again', 1, ${1_700_000_000 + 14 * day}, 'a', 'b'), ('later', 1, ${1_700_000_000 + 14 * day}, 'a', 'b'),
         ('too-late', 1, ${1_700_000_000 + 14 * day + 1}, 'a', 'b'), ('return', 1, ${1_700_000_000 + day}, 'b', 'a'),
         ('played', 2, 1700000000, 'c', 'd'), ('next', 1, ${1_700_000_000 + day}, 'c', 'd'),
         ('new', 1, ${1_700_000_000 + day}, 'e', 'f')`,
    );
    await settlement.predict('put-off', 'MS 1');
    await settlement.predict('put-off', 'MS 2');
    await settlement.predict('played', 'MS 2');
    const gone = await settlement.predict('gone', 'MS 1');
    const set = `UPDATE ai_predictions SET home_team_id = 'e', away_team_id = 'f', match_time = 1700000000 WHERE id = $1`;
    await settlement.sql.query(set, [gone]);
    expect((await json('report')).moved).toMatchObject({
      count: 2,
      shown: [
        { matchId: 'gone', newMatchId: 'new', predictions: 1 },
        { matchId: 'put-off', newMatchId: 'again', predictions: 2 },
      ],
    });
    expect((await run('report')).stdout.replace(/ {2,}/g, ' ')).toContain('put-off again 2023-11-28T22:13:20Z 2');
  });
});

const CHAOS: readonly Version[] = [
  { status: 2 },
  { status: 2, score: [1, 0] },
  { status: 2 },
  { status: 3 },
  { status: 4, score: [0, 1] },
  { status: 2, score: [1, 1], source: 'foreign' },
  { status: 10, score: [0, 1] },
  { status: 4, score: [2, 1] },
  { status: 4, score: [1, 1], half: [1, 0], source: 'api' },
  { status: 11, score: [1, 1], source: 'foreign' },
  { status: 4, score: [1, 2], source: 'admin' },
  { status: 8, score: [1, 2] },
];

const TEXTS = ['IY 0.5 ÜST', 'IY X', 'MS 1.5 ÜST', 'MS 2.5 ALT', 'KG VAR', 'MS 2', 'MS X', 'MS 3 ÜST'];

describe('livescore settlement explain', () => {
  afterEach(() => settlement.close());

  it('shows the revisions with their evidence, and replays them', async () => {
    settlement = await SettlementOnPostgres.open();
    const id = await settlement.predict('m1', 'MS 0.5 ÜST');
    await settled('m1', { status: 2 }, { status: 2, score: [1, 0] }, { status: 2 }, { status: 2, score: [0, 1] });
    const { exitCode, stdout } = await run('explain', id.toUpperCase());
    expect(exitCode).toBe(0);
    const text = stdout.replace(/ {2,}/g, ' ');
    expect(text).toContain('market match over 0.5\nmatch m1, Home - Away\nresult won, instant_win_ms, 0-1\n');
    expect(text).toMatch(/1 \S+Z won 1 instant_win_ms goal 1-0 1-0 0.2\n2 \S+Z open 1 open var - 0-0 0.3\n/);
    expect(text).toMatch(/replayed the same, of 4 versions: won 1, instant_win_ms, 0-1$/);
    expect(await json('explain', id)).toMatchObject({
      predictionId: id,
      market: 'match over 0.5',
      revisions: [{ verdict: 'won' }, { verdict: 'open' }, { verdict: 'won', basis: '0-1', version: '0.4' }],
      replayed: { isSame: true, isBehind: false, versions: 4, verdict: { verdict: 'won' } },
    });
  });

  it('says the same after a chaos of versions, whenever it was looked at', async () => {
    settlement = await SettlementOnPostgres.open();
    const ids: string[] = [];
    for (const matchId of ['m1', 'm2', 'm3'])
      for (const text of TEXTS) ids.push(await settlement.predict(matchId, text));
    for (const version of CHAOS) await settled('m1', version);
    await settled('m2', ...CHAOS);
    for (const version of [...CHAOS, ...CHAOS]) await settled('m3', version);
    for (const id of ids) expect(await run('explain', id)).toMatchObject({ exitCode: 0 });
  });

  it('ends with 1 when the replay differs, and tells a host that is behind', async () => {
    settlement = await SettlementOnPostgres.open();
    const id = await settlement.predict('m1', 'MS 0.5 ÜST');
    await settled('m1', { status: 2 });
    await settlement.commit('m1', { status: 2, score: [1, 0] });
    expect(await run('explain', id)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/differs, of 2 versions: won 1.*has not looked at all of them yet$/),
    });
    await settlement.look();
    expect(await run('explain', id)).toMatchObject({ exitCode: 0 });
    await settlement.sql.query(`UPDATE livescore_settlement SET fingerprint = 'x'`);
    expect(await json('explain', id)).toMatchObject({ replayed: { isSame: false, isBehind: false } });
  });

  it('goes by the options of the host, where they are given', async () => {
    settlement = await SettlementOnPostgres.open({ confirmAfterMs: 1_000 });
    const id = await settlement.predict('m1', 'MS 1');
    await settled('m1', { status: 4, score: [1, 0] }, { status: 8, score: [1, 0] });
    expect(await run('explain', id)).toMatchObject({ exitCode: 1 });
    expect(await run('explain', id, '--confirm-after-ms', '1000')).toMatchObject({ exitCode: 0 });
  });

  it('replays the shadow, and says what cannot be replayed', async () => {
    settlement = await SettlementOnPostgres.open({ mode: 'shadow' });
    const [known, unknown] = [await settlement.predict('m1', 'MS 0.5 ÜST'), await settlement.predict('m1', 'Köşe 9')];
    await settled('m1', { status: 2, score: [1, 0] });
    expect(await json('explain', known)).toMatchObject({
      result: 'pending',
      revisions: [{ isShadow: true, verdict: 'won' }],
      replayed: { isSame: true },
    });
    expect(await run('explain', unknown)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/market +not known/),
    });
    await settlement.sql.query('DELETE FROM livescore_journal');
    expect(await run('explain', known)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('are deleted') });
  });

  it('knows no such prediction, and takes nothing but a UUID', async () => {
    settlement = await SettlementOnPostgres.open();
    expect(await run('explain', NOBODY)).toMatchObject({ exitCode: 1, stderr: `No prediction ${NOBODY}` });
    for (const id of ['1', `${NOBODY}'`, "'; DROP TABLE ai_predictions; --", '\u001b[2J', `{${NOBODY}}`]) {
      expect(await run('explain', id)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a UUID') });
    }
  });
});

describe('livescore settlement redo', () => {
  afterEach(() => settlement.close());

  it('voids what is undecided, and notes who said so, when and why', async () => {
    settlement = await SettlementOnPostgres.open();
    const [won, open] = [await settlement.predict('m1', 'MS 0.5 ÜST'), await settlement.predict('m1', 'MS 1')];
    await settled('m1', { status: 2, score: [1, 0] });
    const { exitCode, stdout } = await run('redo', 'm1', '--void', '--reason', 'the pitch', '--by', 'me');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/m1, 2 predictions, settled up to 0\.1\nvoid +what is undecided[\s\S]*next sweep/);
    const { rows } = await settlement.sql.query(
      `SELECT words, heard, step, abs((words->0->>'atMs')::float8 - extract(epoch FROM now()) * 1000) < 60000 AS soon
       FROM livescore_settlement_match`,
    );
    expect(rows).toMatchObject([
      { words: [{ says: 'void', by: 'me', reason: 'the pitch' }], heard: 0, step: 2, soon: true },
    ]);
    await settlement.look();
    expect(await settlement.resultOf(won)).toMatchObject({ result: 'won' });
    expect(await settlement.resultOf(open)).toMatchObject({ result: 'cancelled', result_reason: 'void_operator' });
    expect((await settlement.revisionsOf(open)).at(-1)).toMatchObject({ cause: 'admin', certainty: 2 });
    const explained = await run('explain', open);
    expect(explained).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/said +void at \S+Z by me: the pitch/),
    });
  });

  it('has a match that nobody saw settled by its end', async () => {
    settlement = await SettlementOnPostgres.open();
    const id = await settlement.predict('m1', 'MS 1');
    await settled('m1', { status: 8, score: [3, 0] });
    expect(await settlement.resultOf(id)).toMatchObject({ result_reason: 'awaiting_awarded' });
    expect(await json('redo', 'm1', '--played')).toMatchObject({ matchId: 'm1', says: 'played', predictions: 1 });
    await settlement.look();
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'won', final_score: '3-0' });
    expect(await run('explain', id)).toMatchObject({ exitCode: 0 });
  });

  it('lets a version count that was held back', async () => {
    settlement = await SettlementOnPostgres.open({ confirmAfterMs: 1_000 });
    const id = await settlement.predict('m1', 'MS 1');
    await settled('m1', { status: 4, score: [1, 0] }, { status: 8, score: [1, 0] });
    await settled('m1', { status: 8, score: [1, 1], secondsAgo: 10 });
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'won' });
    expect(await json('report')).toMatchObject({ heldBack: { count: 1 } });
    expect(await run('redo', 'm1', '--accept')).toMatchObject({ exitCode: 0 });
    await settlement.look();
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'lost' });
    expect(await json('report')).toMatchObject({ heldBack: { count: 0 }, reversed: 1 });
  });

  it('folds all versions again without a word, and writes what differs', async () => {
    settlement = await SettlementOnPostgres.open();
    const [id, other] = [await settlement.predict('m1', 'MS 0.5 ÜST'), await settlement.predict('m1', 'MS 1')];
    await settled('m1', { status: 2, score: [1, 0] });
    expect(await json('redo', 'm1')).toEqual({ matchId: 'm1', says: null, predictions: 2, settled: '0.1', mode: null });
    await settlement.look();
    expect(await settlement.revisionsOf(id)).toHaveLength(1);
    await settlement.sql.query(`UPDATE livescore_settlement SET verdict = 'lost', result = 'lost', fingerprint = 'x'`);
    await settlement.sql.query(`UPDATE ai_predictions SET result = 'lost' WHERE id = $1`, [id]);
    await run('redo', 'm1');
    await settlement.look();
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'won' });
    expect(await settlement.revisionsOf(id)).toHaveLength(2);
    expect(await settlement.revisionsOf(other)).toEqual([]);
    expect(await run('explain', id)).toMatchObject({ exitCode: 0 });
  });

  it('does not fold a match again whose versions are deleted', async () => {
    settlement = await SettlementOnPostgres.open();
    const id = await settlement.predict('m1', 'MS 0.5 ÜST');
    await settled('m1', { status: 2, score: [1, 0] });
    await settlement.sql.query('DELETE FROM livescore_journal');
    expect(await run('redo', 'm1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('are deleted') });
    await settlement.look();
    expect(await settlement.resultOf(id)).toMatchObject({ result: 'won' });
    expect(await run('redo', 'm1', '--void')).toMatchObject({ exitCode: 0 });
  });

  it('names a match that is not there, whatever its id is made of, and does nothing', async () => {
    settlement = await SettlementOnPostgres.open();
    await settlement.predict('m1', 'MS 0.5 ÜST');
    await settled('m1', { status: 2, score: [1, 0] });
    const step = 'SELECT step FROM livescore_settlement_match';
    const before = (await settlement.sql.query(step)).rows;
    for (const id of ["m1' OR '1'='1", "'; DELETE FROM livescore_settlement; --", '%', '\u001b[2J\u202e', '']) {
      const { exitCode, stderr } = await run('redo', id, '--void');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringMatching(/there is no match|give one match id|say which match/),
      });
      expect([...HIDDEN].filter((letter) => stderr.includes(letter))).toEqual([]);
    }
    expect((await settlement.sql.query(step)).rows).toEqual(before);
  });
});

describe('livescore settlement --set', () => {
  afterEach(() => settlement.close());

  it('sets the mode for all hosts, and redo says when nobody settles', async () => {
    settlement = await SettlementOnPostgres.open();
    await settlement.predict('m1', 'MS 0.5 ÜST');
    await settled('m1', { status: 2 });
    expect(await run('--set', 'off', '--reason', 'a stop', '--by', 'me')).toMatchObject({ exitCode: 0 });
    const { rows } = await settlement.sql.query(
      `SELECT value, changed_by, reason FROM livescore_setting WHERE name = 'settlement_mode'`,
    );
    expect(rows).toEqual([{ value: 'off', changed_by: 'me', reason: 'a stop' }]);
    expect((await run('redo', 'm1')).stdout).toContain('nobody settles');
    expect(await json('--set', 'on')).toEqual({ mode: 'on' });
    expect(await json('report')).toMatchObject({ mode: 'on' });
  });
});

const REVISIONS = `
SELECT prediction_id, is_shadow, revision, match_id, verdict, result, certainty, reason, cause, market, rule, rule_version,
  period, basis, score, epoch, version, deadline, supersedes, told, fingerprint, decided_at
FROM livescore_settlement ORDER BY prediction_id, revision`;

describe('replaying the journal', () => {
  afterEach(() => settlement.close());

  it('twice gives byte-equal revisions', async () => {
    settlement = await SettlementOnPostgres.open();
    for (let n = 0; n < 40; n++) await settlement.predict('m1', TEXTS[n % TEXTS.length] as string);
    for (const version of [
      { status: 2 },
      { status: 2, score: [1, 0] },
      { status: 2 },
      { status: 2, score: [0, 1] },
      { status: 3, score: [0, 1], half: [0, 1] },
      { status: 4, score: [1, 1], half: [0, 1] },
      { status: 4, score: [0, 1], half: [0, 1] },
      { status: 10, score: [0, 1], half: [0, 1] },
      { status: 11, score: [0, 1], half: [0, 1] },
    ] satisfies readonly Version[]) {
      await settled('m1', version);
    }
    const first = JSON.stringify((await settlement.sql.query(REVISIONS)).rows);
    expect(first).toContain('void_abandoned');
    expect(first).toContain('"cause":"var"');
    for (let n = 0; n < 2; n++) {
      await settlement.sql.query('DELETE FROM livescore_settlement');
      await settlement.sql.query('DELETE FROM livescore_settlement_match');
      await settlement.sql.query(
        `UPDATE ai_predictions SET result = 'pending', final_score = NULL, result_reason = NULL`,
      );
      await settlement.look();
      expect(JSON.stringify((await settlement.sql.query(REVISIONS)).rows)).toBe(first);
    }
  });
});
