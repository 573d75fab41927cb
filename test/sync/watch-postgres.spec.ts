import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MatchLookups } from '../../src/contracts/match-lookups.js';
import type { MatchRouter } from '../../src/contracts/match-router.js';
import { WriteFence } from '../../src/contracts/write-fence.js';
import type { RunEnd } from '../../src/domain/sync/run-facts.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import type { MatchActivity } from '../../src/mqtt-ingest/ports/match-activity.js';
import { PgStaleMatches } from '../../src/sync/adapters/pg/pg-stale-matches.js';
import { MatchViews } from '../../src/sync/watch/match-views.js';
import { StaleMarks } from '../../src/sync/watch/stale-marks.js';
import { WatchHealthProbe } from '../../src/sync/watch/watch-health-probe.js';
import { WatchReport } from '../../src/sync/watch/watch-report.js';
import { WatchdogJob } from '../../src/sync/watch/watchdog-job.js';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { type Report, slots, KICKOFF_S as T } from '../support/history.js';
import { jobRun } from '../support/job-run.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

type Answer = Omit<Report, 'atS' | 'pulledAfterS'>;

describe('the watchdog on PostgreSQL, with the writer', () => {
  let rows: PgScoreRows;
  let path: DirectPathOnPostgres;
  let job: WatchdogJob;
  let watchdog: (router?: MatchRouter) => WatchdogJob;
  let store: PgStaleMatches;
  let marks: StaleMarks;
  let metrics: LiveScoreMetrics;
  let asked: string[];
  /** what the provider says of a match; nothing: it does not list it */
  let provider: Map<string, Answer>;
  let pushes: Map<string, number>;
  let next = 0;
  let m: string;
  let nowS: number;

  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  beforeEach(async () => {
    for (const level of ['log', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(() => {});
    await rows.sql.query('DELETE FROM livescore_stale_match; DELETE FROM ts_matches; DELETE FROM livescore_journal');
    m = `m${next++}`;
    await rows.insert(m);
    await setTime(m, T);
    nowS = T;
    path = await DirectPathOnPostgres.on(rows);
    asked = [];
    provider = new Map();
    pushes = new Map();
    store = new PgStaleMatches(rows.connection);
    metrics = new LiveScoreMetrics();
    const right = new WriteFence();
    marks = new StaleMarks(right);
    const lookups = new MatchLookups();
    lookups.requests$.subscribe(({ matchId }) => asked.push(matchId));
    const activity: MatchActivity = { lastPushAtMs: (matchId) => pushes.get(matchId) ?? null };
    const report = new WatchReport(metrics, new EventLog(path.clock));
    watchdog = (router) => {
      const views = new MatchViews(activity, undefined, router);
      return new WatchdogJob(store, marks, lookups, path.states, right, path.clock, report, views);
    };
    job = watchdog();
  });
  afterEach(async () => {
    await path.stop();
    jest.restoreAllMocks();
  });

  const setTime = (matchId: string, atS: number) =>
    rows.sql.query('UPDATE ts_matches SET match_time = $2 WHERE external_id = $1', [matchId, atS]);
  const now = (atS: number) => {
    nowS = atS;
    path.clock.set(atS * 1000);
  };
  const look = (atS: number): Promise<RunEnd> => {
    now(atS);
    return job.run(jobRun({ job: job.name, kind: 'full' }));
  };
  /** The provider answers what was asked since the last time. */
  const answer = async () => {
    for (const matchId of asked.splice(0)) {
      const said = provider.get(matchId);
      if (said) await path.tell(matchId, { ...said, atS: nowS + 2, pulledAfterS: 1 });
    }
  };
  const noted = async () =>
    (await store.list(100)).map(({ matchId, reason, staleAtMs }) => [matchId, reason, staleAtMs !== null]);
  const steps = async () => {
    const { values } = await metrics.watchdog.get();
    return Object.fromEntries(values.map(({ labels, value }) => [`${labels.step} ${labels.reason}`, value]));
  };

  const firstHalf = () => path.tell(m, { atS: T, status: 2, home: slots(0), kickoffS: T });

  it('asks about a silent match, and takes the mark away when the answer moves it', async () => {
    await firstHalf();
    await look(T + 120);
    expect(asked).toEqual([]);
    await look(T + 150);
    expect(asked).toEqual([m]);
    expect(await noted()).toEqual([[m, 'silent', false]]);
    provider.set(m, { status: 2, home: slots(1), kickoffS: T });
    await answer();
    await look(T + 180);
    expect(await noted()).toEqual([]);
    expect(await rows.row(m)).toMatchObject({ home_score_display: 1, status_id: 2 });
    expect(await steps()).toEqual({ 'found silent': 1, 'asked silent': 1, 'cleared silent': 1 });
  });

  it('marks a match stale when the answer changed nothing, says so in health, and clears it when the feed speaks', async () => {
    await firstHalf();
    provider.set(m, { status: 2, home: slots(0), kickoffS: T });
    const probe = new WatchHealthProbe(marks);
    expect([probe.health(), probe.match(m)]).toEqual([{}, {}]);
    for (const atS of [T + 150, T + 180]) {
      await look(atS);
      await answer();
      expect(await noted()).toEqual([[m, 'silent', false]]);
    }
    expect(probe.health()).toEqual({ stale: 0, stale_by_reason: {} });
    await look(T + 210);
    expect(await noted()).toEqual([[m, 'silent', true]]);
    expect(probe.health()).toEqual({ stale: 1, stale_by_reason: { silent: 1 } });
    expect([probe.match(m), probe.match('other')]).toEqual([{ stale: 'silent' }, { stale: null }]);
    pushes.set(m, (T + 230) * 1000);
    await look(T + 240);
    expect([await noted(), probe.health()]).toEqual([[], { stale: 0, stale_by_reason: {} }]);
  });

  it('takes no time ahead of our clock for a sign of life', async () => {
    await firstHalf();
    pushes.set(m, (T + 9_000) * 1000);
    await rows.sql.query('UPDATE ts_matches SET last_event_ts = $2 WHERE external_id = $1', [m, T + 9_000]);
    await look(T + 150);
    expect(await noted()).toEqual([[m, 'silent', false]]);
  });

  it('does not take a minute that somebody writes for a sign of life', async () => {
    await firstHalf();
    for (const atS of [T + 150, T + 210]) {
      await rows.sql.query('UPDATE ts_matches SET minute = minute + 1, updated_at = now() WHERE external_id = $1', [m]);
      await look(atS);
    }
    expect(await noted()).toEqual([[m, 'silent', true]]);
  });

  it('changes no status and no score in five hours, however often it asks', async () => {
    const statuses = [1, 2, 3, 4, 5, 7] as const;
    for (const status of statuses) {
      await rows.insert(`s${status}`);
      await rows.change(`s${status}`, {
        status,
        home: slots(2),
        away: slots(1),
        kickoffs: {
          firstHalfS: T,
          secondHalfS: status > 3 ? T + 3_600 : null,
          overtimeS: status > 4 ? T + 7_200 : null,
        },
        minute: 40,
      });
      await setTime(`s${status}`, T);
    }
    const all = async () => {
      const { rows: found } = await rows.sql.query('SELECT * FROM ts_matches ORDER BY external_id');
      return found;
    };
    const before = await all();
    const questions = new Map<string, number>();
    for (let atS = T + 30; atS <= T + 5 * 3_600; atS += 30) {
      expect(await look(atS)).toEqual({ verdict: 'complete' });
      for (const id of asked.splice(0)) questions.set(id, (questions.get(id) ?? 0) + 1);
    }
    expect(await all()).toEqual(before);
    expect(path.commits).toEqual([]);
    for (const status of statuses) {
      expect(questions.get(`s${status}`)).toBeGreaterThanOrEqual(12);
      expect(questions.get(`s${status}`)).toBeLessThanOrEqual(25);
    }
    expect(Object.fromEntries((await noted()).map(([id, reason]) => [id, reason]))).toEqual({
      [m]: 'should-be-live',
      s1: 'should-be-live',
      s2: 'first-half-too-long',
      s3: 'half-time-too-long',
      s4: 'second-half-too-long',
      s5: 'extra-time-too-long',
      s7: 'silent',
    });
  });

  const erase = (...columns: readonly string[]) =>
    rows.sql.query(
      `UPDATE ts_matches SET ${columns.map((column) => `${column} = NULL`).join(', ')} WHERE external_id = $1`,
      [m],
    );
  const SCORE_COLUMNS = ['home', 'away'].flatMap((side) => [`${side}_score_display`, `${side}_score_regular`]);

  it.each([
    ['that the writer does not know', false],
    ['that the writer knows', true],
  ])('repairs NULL scores of a row %s from an answer that says what the arrays say', async (_which, isKnown) => {
    await path.tell(m, { atS: T, status: 2, home: slots(2), away: slots(1), kickoffS: T });
    if (!isKnown) await path.states.release(m, 1_000);
    await erase(...SCORE_COLUMNS);
    // the feed goes on as if nothing had happened
    pushes.set(m, (T + 60) * 1000);
    await look(T + 60);
    expect([asked, await noted()]).toEqual([[m], [[m, 'null-score', false]]]);
    provider.set(m, { status: 2, home: slots(2), away: slots(1), kickoffS: T });
    await answer();
    for (let n = 0; n < 2; n++) await path.round();
    expect(await rows.row(m)).toMatchObject({
      status_id: 2,
      home_score_display: 2,
      home_score_regular: 2,
      away_score_display: 1,
      away_score_regular: 1,
    });
    pushes.set(m, (T + 90) * 1000);
    await look(T + 90);
    expect(await noted()).toEqual([]);
    expect(await steps()).toEqual({ 'found null-score': 1, 'asked null-score': 1, 'repaired null-score': 1 });
    expect(path.told(m).filter((type) => type === 'goal')).toHaveLength(3);
  });

  it('repairs NULL scores of a row that no feed speaks of, and tells nobody of goals that came and went', async () => {
    await rows.change(m, {
      status: 2,
      home: slots(2),
      away: slots(1),
      minute: 5,
      kickoffs: { firstHalfS: T, secondHalfS: null, overtimeS: null },
    });
    const rounds = async () => {
      for (let n = 0; n < 8; n++) await path.round();
    };
    now(T + 300);
    await rounds();
    await erase(...SCORE_COLUMNS);
    path.commits.length = 0;
    await rounds();
    pushes.set(m, (T + 330) * 1000);
    await look(T + 330);
    expect(await noted()).toEqual([[m, 'null-score', false]]);
    provider.set(m, { status: 2, home: slots(2), away: slots(1), kickoffS: T });
    await answer();
    expect(await rows.row(m)).toMatchObject({ home_score_display: 2, away_score_regular: 1 });
    expect(path.told(m).filter((type) => type !== 'minute-changed')).toEqual([]);
  });

  it.each([
    ['the writer does not know', false],
    ['the writer knows', true],
  ])('repairs the minute that somebody erased at half-time from a row %s, once', async (_which, isKnown) => {
    await firstHalf();
    await path.tell(m, { atS: T + 2_800, status: 3, kickoffS: T });
    if (!isKnown) await path.states.release(m, 1_000);
    await erase('minute');
    pushes.set(m, (T + 2_830) * 1000);
    await look(T + 2_830);
    expect([asked, await noted()]).toEqual([[m], [[m, 'null-minute', false]]]);
    provider.set(m, { status: 3, kickoffS: T });
    await answer();
    expect(await rows.row(m)).toMatchObject({ minute: 45, status_id: 3, score_version: '3' });
    await look(T + 2_860);
    expect(await steps()).toMatchObject({ 'repaired null-minute': 1 });
    asked.push(m);
    await answer();
    expect(await rows.row(m)).toMatchObject({ score_version: '3' });
  });

  it('writes a mark again only when it changes', async () => {
    await firstHalf();
    const writer = async () => {
      const { rows: found } = await rows.sql.query('SELECT xmin::text AS writer FROM livescore_stale_match');
      return found[0]?.writer as unknown;
    };
    await look(T + 150);
    const first = await writer();
    await look(T + 180);
    expect(await writer()).toBe(first);
    await look(T + 210);
    expect(await writer()).not.toBe(first);
  });

  it('asks about a hundred in one look, and about the others in the next', async () => {
    for (let n = 0; n < 150; n++) {
      const id = `many${n}`;
      await rows.insert(id);
      await rows.change(id, { status: 2, home: slots(0), away: slots(0), minute: 1 });
    }
    await setTime(m, T + 9_000);
    await look(T);
    expect(new Set(asked).size).toBe(100);
    await look(T + 30);
    expect([asked.length, new Set(asked).size]).toEqual([150, 150]);
  });

  it('forgets the marks of matches that have ended or are gone', async () => {
    await firstHalf();
    await look(T + 150);
    expect(await noted()).toHaveLength(1);
    await path.tell(m, { atS: T + 160, status: 8, home: slots(0) });
    await look(T + 180);
    expect(await noted()).toEqual([]);
    expect(await steps()).toMatchObject({ 'cleared silent': 1 });
  });

  it('notes nothing for an instance whose lease is over', async () => {
    await firstHalf();
    const mark = { matchId: m, reason: 'silent', sinceMs: T * 1000, askedAtMs: null, staleAtMs: null };
    await rows.setFence(7);
    await store.save([mark], [], T, 6);
    expect(await noted()).toEqual([]);
    await store.save([mark], [], T, 7);
    await store.save([], [m], T, 6);
    expect(await noted()).toEqual([[m, 'silent', false]]);
    await store.save([], [m], T, null);
    expect(await noted()).toEqual([]);
  });

  it('looks after matches on the direct path only, and reads nothing while there is none', async () => {
    await firstHalf();
    const router = (active: boolean, route: string) =>
      ({ active, routeOf: () => route, isMoving: () => false }) as unknown as MatchRouter;
    await look(T + 150);
    job = watchdog(router(true, 'shadow'));
    await look(T + 210);
    expect([await noted(), marks.counts()]).toEqual([[], {}]);
    const read = jest.spyOn(store, 'read');
    job = watchdog(router(false, 'legacy'));
    expect(await look(T + 240)).toEqual({ verdict: 'complete' });
    expect([read.mock.calls, marks.counts()]).toEqual([[], null]);
    job = watchdog(router(true, 'direct'));
    await look(T + 270);
    expect(await noted()).toEqual([[m, 'silent', false]]);
  });

  it('says that the database did not answer, and goes on the next time', async () => {
    const failing = jest
      .spyOn(store, 'read')
      .mockRejectedValueOnce(Object.assign(new Error('away'), { code: '57P01' }));
    expect(await look(T)).toEqual({ verdict: 'failed', error: 'the database answered 57P01' });
    failing.mockRestore();
    expect(await look(T)).toEqual({ verdict: 'complete' });
  });
});
