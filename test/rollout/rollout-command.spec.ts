import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgShadowStore } from '../../src/rollout/adapters/pg/pg-shadow-store.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgRollout } from '../support/pg-rollout.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const SHOT = { status: 2, home: 1, away: 0 };

describe('livescore rollout report', () => {
  let rollout: PgRollout;
  beforeAll(async () => {
    rollout = await PgRollout.open();
  });
  afterAll(() => rollout.close());

  const report = (...argv: string[]) => runCli(['rollout', 'report', ...argv], { DATABASE_URL: rollout.url });

  it('says so when there is nothing to report', async () => {
    const { exitCode, stdout } = await report();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^stage +legacy\nin force since +the beginning\nbecause +nobody has set anything\n/);
    expect(stdout).toMatch(
      /compared +no match\n +because matches are compared in shadow and canary only, and the stage is legacy\nlead time +no goal/,
    );
    expect(stdout).toMatch(/received to written +no change by the direct path/);
    expect(stdout).toMatch(/decisions +none/);
  });

  it('says why nothing was compared', async () => {
    const { store, sql } = rollout;
    const set = async (stage: 'shadow' | 'direct') => {
      await store.append(settingOf({ stage }), 'anna', 'try', (await store.read()).change?.id ?? null);
    };
    await set('shadow');
    const why = async () => /because (.*)\nlead/.exec((await report()).stdout)?.[1];
    expect(await why()).toMatch(/no process holds the lease/);
    await sql.query(`UPDATE livescore_lease SET expires_at = 'infinity'`);
    expect(await why()).toMatch(/no match is live/);
    await rollout.insertMatches('cup', ['m']);
    expect(await why()).toMatch(/no match in shadow was told of/);
    await set('direct');
    expect(await why()).toMatch(/no match in shadow was told of/);
    await store.noteLegacyBinding('none');
    expect(await why()).toMatch(/no legacy path/);
    await sql.query(`DELETE FROM livescore_setting WHERE name = 'legacy_path'`);
    await rollout.reset();
  });

  it('counts goals of rows whose arrays the legacy path never wrote', async () => {
    const state = (home: number[] | null, shown: (number | null)[]) =>
      JSON.stringify({ status: 2, home, away: home && [0, 0, 0, 0, 0, 0, 0], shown });
    const after = (goals: number) => state([goals, 0, 0, 0, 0, 0, 0], [goals, 0]);
    await rollout.sql.query(
      `INSERT INTO livescore_journal (match_id, epoch, version, source, before, after) VALUES
       ('n1', 0, 1, 'mqtt', '${state(null, [null, null])}', '${after(2)}'),
       ('n2', 0, 1, 'mqtt', '${state(null, [1, 0])}', '${after(2)}'), ('n3', 0, 1, 'mqtt', NULL, '${after(4)}')`,
    );
    expect((await report()).stdout).toMatch(/\nmqtt +3 +3\n/);
    await rollout.sql.query('DELETE FROM livescore_journal');
  });

  it('refuses what it does not know', async () => {
    const env = { DATABASE_URL: rollout.url };
    expect(await runCli(['rollout'], env)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/report/) });
    expect(await report('--since', 'yesterday')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/--since/),
    });
    expect(await runCli(['rollout', '--help'], env)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/lead|earlier/),
    });
    expect(await runCli(['rollout', 'report'], {})).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/DATABASE_URL/),
    });
  });

  describe('with a history', () => {
    const nowMs = Date.now();
    const old = new Date(nowMs - 48 * 3_600_000).toISOString();

    beforeAll(async () => {
      const { store, sql, connection } = rollout;
      await store.append(settingOf({ percent: 10 }), 'anna', 'first try', null);
      await store.pin('m9', 'legacy', 'anna', null);
      await sql.query(`INSERT INTO ts_matches (external_id, status_id, match_time)
        VALUES ('m1', 8, 1700000000), ('m2', 4, 1700000000)`);
      const goal = (matchId: string, home: number, ageS: number, lateS: number | null) => {
        const directAtMs = nowMs - ageS * 1000;
        return { matchId, home, away: 0, directAtMs, legacyAtMs: lateS === null ? null : directAtMs + lateS * 1000 };
      };
      const row = { ...SHOT, home: 7, homeSlots: null, awaySlots: null };
      await new PgShadowStore(connection).record({
        tallies: [
          {
            matchId: 'm\u001b1',
            consistent: 38,
            inconsistent: 2,
            errors: 1,
            samples: [{ at: new Date(nowMs).toISOString(), why: 'never-said', candidate: SHOT, row }],
          },
          { matchId: 'm2', consistent: 60, inconsistent: 0, errors: 0, samples: [] },
        ],
        goals: [
          goal('m1', 1, 3_600, 300),
          goal('m1', 2, 3_000, 400),
          goal('m1', 3, 2_500, null),
          goal('m2', 1, 2_000, null),
          goal('m2', 9, 50 * 3_600, 5),
        ],
        cancelled: [],
      });
      const journal = `INSERT INTO livescore_journal
        (match_id, epoch, version, source, before, after, received_at, committed_at, catch_up) VALUES `;
      const state = (home: number, extra = 0) =>
        JSON.stringify({ status: 2, home: [home, 0, 0, 0, 0, extra, 0], away: [0, 0, 0, 0, 0, 0, 0] });
      await sql.query(
        `${journal}
         ('m1', 0, 1, 'mqtt', '${state(0)}', '${state(2)}', now() - interval '8 ms', now(), false),
         ('m1', 0, 2, 'mqtt', '${state(2)}', '${state(2, 3)}', now() - interval '8 ms', now(), false),
         ('m1', 0, 3, 'mqtt', '${state(2, 3)}', '${state(2, 2)}', now() - interval '8 ms', now(), false),
         ('m1', 0, 4, 'api', NULL, '${state(1)}', now() - interval '9 s', now(), true),
         ('m1', 0, 5, 'foreign', '${state(1)}', '{"status":2,"home":null,"away":null}', now(), now(), false),
         ('m1', 0, 6, 'mqtt', '${state(0)}', '${state(5)}', '${old}', '${old}', false)`,
      );
      const numbers = { writes: 10, p95Ms: null };
      await store.recordDecision({
        verdict: 'inconclusive',
        action: 'none',
        stage: 'canary',
        percent: 10,
        reason: 'Fewer than 50 writes',
        numbers,
      });
      await store.recordDecision({
        verdict: 'roll-back',
        action: 'rolled-back',
        stage: 'canary',
        percent: 10,
        reason: 'p95\u0007',
        numbers,
      });
    });

    it('shows it to people', async () => {
      const { stdout } = await report();
      expect(stdout).toMatch(
        /^stage +canary 10 %\nin force since +\S+Z, set by anna\nbecause +first try\npinned +m9 legacy\n/,
      );
      expect(stdout).toMatch(/compared +2 matches: 98 states consistent, 2 not \(2\.00 %\), 1 errors/);
      expect(stdout).toMatch(
        /lead time +p50 350\.0 s, p90 390\.0 s, max 400\.0 s earlier on the direct path, of 2 goals/,
      );
      expect(stdout).toMatch(/1 more are awaited of the legacy path, 1 were lost by it/);
      expect(stdout).toMatch(/m\uFFFD1 +never-said +2: 1-0 +2: 7-0/);
      expect(stdout).toMatch(/received to written +p50 8\.0 ms, p95 8\.0 ms, of 3 changes/);
      expect(stdout).toMatch(/source +changes +goals\napi +1 +0\nforeign +1 +0\nmqtt +3 +3\n/);
      expect(stdout).toMatch(/roll-back +rolled-back +canary 10 % +p95\uFFFD\n.*inconclusive +none +canary 10 %/);
    });

    it('speaks JSON, for the period asked for', async () => {
      const all = JSON.parse((await report('--json', '--since', '7d')).stdout);
      expect(all).toMatchObject({
        change: { stage: 'canary', percent: 10, changedBy: 'anna' },
        pins: { m9: 'legacy' },
        comparison: { matches: 2, samples: [{ matchId: 'm\u001b1', why: 'never-said' }] },
        lead: { goals: 5, maxS: 400, awaited: 1, lostByLegacy: 1 },
        latency: { changes: 4 },
      });
      expect(all.decisions).toHaveLength(2);
      const future = new Date(nowMs + 3_600_000).toISOString();
      expect(JSON.parse((await report('--json', '--since', future)).stdout)).toMatchObject({
        comparison: { matches: 0, consistent: 0, samples: [] },
        lead: { goals: 0, p50S: null },
        latency: { changes: 0, p50Ms: null },
        sources: [],
      });
    });
  });
});
