import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { createTestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgRollout } from '../support/pg-rollout.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

describe('the command line of the rollout', () => {
  let rollout: PgRollout;
  beforeAll(async () => {
    rollout = await PgRollout.open();
  });
  beforeEach(() => rollout.reset());
  afterAll(() => rollout.close());

  const cli = (argv: string, env: Record<string, string> = {}) =>
    runCli(argv.split(' '), { DATABASE_URL: rollout.url, USER: 'anna', ...env });
  const newest = async () => (await rollout.store.read()).change;

  it('says that nobody has set anything', async () => {
    expect(await cli('stage get')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^stage +legacy\n/) });
    expect((await cli('stage get')).stdout).toContain('nobody has set anything');
    expect(await cli('stage history')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('legacy') });
  });

  it('refuses what needs a legacy path when the host has none', async () => {
    await rollout.store.noteLegacyBinding('none');
    for (const command of ['stage set legacy', 'stage set shadow', 'stage set canary --percent 1', 'pin m legacy']) {
      const { exitCode, stderr } = await cli(`${command} --reason try`);
      expect([command, exitCode, stderr]).toEqual([command, 2, expect.stringMatching(/no legacy path.*nowhere/)]);
    }
    expect(await newest()).toBeNull();
    expect((await cli('stage get', { LIVESCORE_KILL_SWITCH: 'true' })).stdout).toMatch(
      /legacy path +none: every match goes the direct way\n[\s\S]*KILL_SWITCH: refused/,
    );
    expect(await cli('stage set direct --reason all')).toMatchObject({ exitCode: 0 });
    await rollout.store.noteLegacyBinding('handler');
    expect((await cli('stage get')).stdout).toMatch(/legacy path +the message handler of the host\n/);
    expect(await cli('stage set legacy --reason back')).toMatchObject({ exitCode: 0 });
    await rollout.sql.query(`DELETE FROM livescore_setting WHERE name = 'legacy_path'`);
    await rollout.reset();
  });

  it('sets a stage, shows it, and keeps what is not given', async () => {
    const set = await cli(
      'stage set canary --percent 10 --allow m1 --deny-competition cup --plan 10:60,100:0 --anyway --reason try',
    );
    expect([set.exitCode, set.stdout.split('\n')[0]]).toEqual([
      0,
      'legacy → canary 10 %, in force everywhere within a second',
    ]);
    await cli('stage set canary --percent 20 --allow none --reason more --by ben');
    expect(await newest()).toMatchObject({
      id: 2,
      stage: 'canary',
      percent: 20,
      allowMatches: [],
      denyCompetitions: ['cup'],
      stepPlan: [
        { percent: 10, soakS: 60 },
        { percent: 100, soakS: 0 },
      ],
      changedBy: 'ben',
      reason: 'more',
    });
    const { stdout } = await cli('stage get', { LIVESCORE_KILL_SWITCH: 'true', LIVESCORE_MAX_STAGE: 'shadow' });
    for (const text of ['canary 20 %', 'cup', '10 % for 60 s', 'by ben', 'more', 'KILL_SWITCH', 'shadow at most']) {
      expect(stdout).toContain(text);
    }
    const history = (await cli('stage history --limit 5')).stdout.split('\n');
    expect(history).toEqual([
      expect.stringMatching(/^id +when +stage +latched +by +why$/),
      expect.stringMatching(/^2 .*Z +canary 20 % +- +ben +more$/),
      expect.stringMatching(/^1 .*Z +canary 10 % +- +anna +try$/),
    ]);
  });

  it('speaks JSON', async () => {
    await rollout.store.pin('m9', 'direct', 'x', null);
    const set = JSON.parse((await cli('stage set shadow --reason look --json')).stdout);
    expect(set).toMatchObject({ id: 1, from: { stage: 'legacy' }, to: { stage: 'shadow', latched: false } });
    expect(JSON.parse((await cli('stage get --json')).stdout)).toMatchObject({
      stage: 'shadow',
      percent: 0,
      latched: false,
      changed: { id: 1, by: 'anna', reason: 'look', at: expect.stringMatching(/Z$/) },
      pins: { m9: 'direct' },
      legacyPath: null,
      environment: { killSwitch: false, maxStage: 'direct' },
    });
    expect(JSON.parse((await cli('stage history --json')).stdout)).toEqual([expect.objectContaining({ id: 1 })]);
  });

  it('takes nothing but legacy after an automatic rollback, until somebody has looked into it', async () => {
    await rollout.store.append(settingOf({ stage: 'legacy', latched: true }), 'automatic', 'errors 12 %', null);
    expect((await cli('stage get')).stdout).toContain('latched');
    const refused = await cli('stage set canary --percent 1 --reason again');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('errors 12 %')]);
    expect((await cli('stage set legacy --reason stay')).exitCode).toBe(0);
    expect(await newest()).toMatchObject({ stage: 'legacy', latched: true });
    expect((await cli('stage set canary --reset-latch --reason fixed')).exitCode).toBe(0);
    expect(await newest()).toMatchObject({ stage: 'canary', percent: 10, latched: false });
  });

  it('pins a match, and lets it go', async () => {
    expect((await cli('pin m1 direct --anyway --reason odd --json')).stdout).toBe('{"matchId":"m1","route":"direct"}');
    expect((await cli('pin m1 legacy --anyway')).stdout).toBe('m1 is pinned: legacy');
    expect((await cli('stage get')).stdout).toMatch(/^pinned +m1 legacy$/m);
    expect((await cli('pin m1 --remove')).stdout).toBe('m1 is pinned no more');
    expect((await rollout.store.read()).pins.size).toBe(0);
    expect((await cli('pin --help')).stdout).toContain('livescore pin MATCH');
    expect((await cli('stage --help')).stdout).toContain('--reset-latch');
  });

  it.each([
    ['pin', 'which match'],
    ['pin m1', 'legacy, direct or --remove'],
    ['pin m1 shadow', 'legacy, direct or --remove'],
    ['pin m1 legacy --remove', 'legacy, direct or --remove'],
    [`pin ${'m'.repeat(256)} legacy`, 'which match'],
  ])('refuses %s', async (argv, named) => {
    expect(await cli(argv)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(named) });
  });

  it('wants to know who', async () => {
    expect(await cli('pin m1 legacy --anyway', { USER: '' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--by'),
    });
  });

  it('says what is missing', async () => {
    expect(await runCli(['stage', 'get'], {})).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('DATABASE_URL'),
    });
    const bare = await createTestDatabase({ migrate: false });
    expect(await runCli(['stage', 'get'], { DATABASE_URL: bare.url })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('livescore migrate'),
    });
    await bare.drop();
  });
});
