import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MatchRoute, MatchRouter } from '../../src/contracts/match-router.js';
import type { ForeignWriterMode } from '../../src/foreign-writers/ports/foreign-writers.js';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

const SECOND = T + 62 * 60;
const NOW = SECOND + 600;

/** All matches are on one route. */
class OneRoute extends MatchRouter {
  readonly active = true;

  constructor(private readonly route: MatchRoute) {
    super();
  }

  override submit(...[updates, receipt, direct]: Parameters<MatchRouter['submit']>): void {
    direct.submit(updates, receipt);
  }

  override routeOf(): MatchRoute {
    return this.route;
  }
}

describe('the direct path', () => {
  let rows: PgScoreRows;
  let path: DirectPathOnPostgres;
  let next = 0;
  let matchId: string;

  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  beforeEach(async () => {
    matchId = `m${next++}`;
    await rows.insert(matchId);
  });
  afterEach(async () => {
    await path.stop();
    await rows.sql.query('DELETE FROM livescore_foreign_write');
  });

  const mode = (value: ForeignWriterMode) => rows.sql.query('UPDATE livescore_setting SET value = $1', [value]);

  /** 2-1 in the second half, in this mode. */
  async function secondHalf(value: ForeignWriterMode): Promise<void> {
    await mode(value);
    path = await DirectPathOnPostgres.on(rows, new OneRoute('direct'));
    await path.round();
    await path.tell(matchId, { atS: T, status: 2, kickoffS: T });
    await path.tell(matchId, { atS: SECOND, status: 4, kickoffS: SECOND });
    await path.tell(matchId, { atS: NOW, status: 4, home: slots(2), away: slots(1), kickoffS: SECOND });
    path.clock.set((NOW + 30) * 1000);
    path.commits.length = 0;
  }

  /** The list upsert of every minute: all columns from a row of minutes ago, documents NULL, no provenance. */
  const listUpsert = () =>
    rows.sql.query(
      `INSERT INTO ts_matches (external_id, status_id, home_scores, away_scores, home_score_display, away_score_display,
       home_score_regular, away_score_regular, incidents, statistics)
     VALUES ($1, 4, '[1,0,0,0,0,0,0]', '[1,0,0,0,0,0,0]', 1, 1, NULL, NULL, NULL, NULL)
     ON CONFLICT (external_id) DO UPDATE SET status_id = EXCLUDED.status_id, home_scores = EXCLUDED.home_scores,
       away_scores = EXCLUDED.away_scores, home_score_display = EXCLUDED.home_score_display,
       away_score_display = EXCLUDED.away_score_display, home_score_regular = EXCLUDED.home_score_regular,
       away_score_regular = EXCLUDED.away_score_regular, incidents = EXCLUDED.incidents,
       statistics = EXCLUDED.statistics, first_half_kickoff_ts = NULL, second_half_kickoff_ts = NULL, updated_at = now()`,
      [matchId],
    );

  /** The diary of every ten minutes: status and score, unconditionally. */
  const diarySync = () =>
    rows.sql.query(
      `UPDATE ts_matches SET status_id = 3, home_scores = '[1,1,0,0,0,0,0]', home_score_display = 1 WHERE external_id = $1`,
      [matchId],
    );

  const statusRevert = () => rows.sql.query('UPDATE ts_matches SET status_id = 1 WHERE external_id = $1', [matchId]);

  /** Forces the end, in the name of an administrator. */
  const stuckMatchFinisher = () =>
    rows.sql.query(
      `UPDATE ts_matches SET status_id = 8, status_id_source = 'admin', status_id_timestamp = $2, ended = true
     WHERE external_id = $1`,
      [matchId, NOW + 20],
    );

  const administrator = () =>
    rows.sql.query(
      `UPDATE ts_matches SET home_scores = '[3,0,0,0,0,0,0]', home_score_display = 3, home_score_regular = 3,
       home_score_source = 'admin', home_score_timestamp = $2 WHERE external_id = $1`,
      [matchId, NOW + 25],
    );

  const STALE = [
    ['the list upsert with stale scores and NULL documents', listUpsert],
    ['the diary sync', diarySync],
    ['a status set back', statusRevert],
  ] as const;

  const RIGHT = {
    status_id: 4,
    home_scores: slots(2),
    away_scores: slots(1),
    home_score_display: 2,
    away_score_display: 1,
    home_score_regular: 2,
    away_score_regular: 1,
    first_half_kickoff_ts: String(T),
    second_half_kickoff_ts: String(SECOND),
  };

  const traces = async () =>
    (
      await rows.sql.query<{ result: string }>(
        'SELECT result FROM livescore_foreign_write WHERE match_id = $1 ORDER BY id',
        [matchId],
      )
    ).rows.map(({ result }) => result);
  const foreignInJournal = async () =>
    (await rows.journal(matchId)).filter(({ source }) => source === 'foreign').length;

  describe.each(['off', 'observe'] as const)('beside the writers of the platform, mode %s', (value) => {
    it.each(STALE)('%s is seen, told without any goal, and repaired within one round', async (_what, write) => {
      await secondHalf(value);
      await write();
      await path.round();
      expect(await rows.row(matchId)).toMatchObject(RIGHT);
      expect(path.told(matchId)).not.toContain('goal');
      expect(path.told(matchId)).not.toContain('goal-cancelled');
      expect(path.commits.map(({ source }) => source)).toEqual(['foreign', 'mqtt']);
      expect(await path.counted()).toMatchObject({ [`${value}/found`]: 1 });
      expect(await foreignInJournal()).toBe(value === 'observe' ? 1 : 0);
      if (value === 'observe') expect(await path.counted()).toMatchObject({ 'observe/passed': 1 });
    });

    it('an administrator is heard once and kept', async () => {
      await secondHalf(value);
      await administrator();
      for (let n = 0; n < 3; n++) await path.round();
      expect(await rows.row(matchId)).toMatchObject({ home_score_display: 3, home_scores: slots(3) });
      expect(path.told(matchId)).toEqual(['score-changed']);
    });
  });

  describe('beside the writers of the platform, mode protect', () => {
    it.each(STALE)('%s never shows, and leaves a trace', async (_what, write) => {
      await secondHalf('protect');
      const before = await rows.row(matchId);
      await write();
      expect(await rows.row(matchId)).toMatchObject(RIGHT);
      expect((await rows.row(matchId)).score_version).toBe(before.score_version);
      await path.round();
      expect(path.commits).toEqual([]);
      expect(await traces()).toEqual(['held-off']);
      expect(await foreignInJournal()).toBe(0);
      expect(await path.counted()).toEqual({ 'protect/held-off': 1 });
      await path.round();
      expect(await path.counted()).toEqual({ 'protect/held-off': 1 });
    });

    it('what was offered is noted', async () => {
      await secondHalf('protect');
      await diarySync();
      const { rows: found } = await rows.sql.query('SELECT mode, before, offered FROM livescore_foreign_write');
      expect(found).toMatchObject([
        { mode: 'protect', before: { status: 4, home: slots(2) }, offered: { status: 3, home: [1, 1, 0, 0, 0, 0, 0] } },
      ]);
    });

    it.each([
      ['an administrator', administrator, { home_score_display: 3 }, ['score-changed']],
      [
        'the finisher of stuck matches, who calls himself one',
        stuckMatchFinisher,
        { status_id: 8 },
        ['state-changed', 'full-time'],
      ],
    ] as const)('%s passes, is journaled and told once', async (_who, write, row, told) => {
      await secondHalf('protect');
      await write();
      for (let n = 0; n < 3; n++) await path.round();
      expect(path.told(matchId).slice(0, told.length)).toEqual(told);
      expect(await foreignInJournal()).toBe(1);
      expect(await path.counted()).toMatchObject({ 'protect/admin': 1 });
      if (write === administrator) {
        expect(await rows.row(matchId)).toMatchObject(row);
        expect(path.told(matchId)).toEqual(told);
      }
    });

    it('an administrator is told once also about a match that nobody follows', async () => {
      await secondHalf('protect');
      await path.states.release(matchId, 1_000);
      await administrator();
      for (let n = 0; n < 3; n++) await path.round();
      expect(path.told(matchId)).toEqual(['score-changed']);
      expect(path.commits[0]).toMatchObject({ source: 'foreign', after: { shown: { home: 3, away: 1 } } });
    });

    it('a match that is given to the legacy path is protected no more', async () => {
      await secondHalf('protect');
      expect((await rows.row(matchId)).score_protected_until).toBeInstanceOf(Date);
      await path.states.release(matchId, 1_000);
      expect((await rows.row(matchId)).score_protected_until).toBeNull();
      await diarySync();
      expect(await rows.row(matchId)).toMatchObject({ status_id: 3, home_score_display: 1 });
    });

    it('what a process that was killed left protected is let go by the next one, unless it is direct', async () => {
      await secondHalf('protect');
      await path.stop();
      const takeover = async (route: MatchRoute) => {
        path = await DirectPathOnPostgres.on(rows, new OneRoute(route));
        await path.round();
        return (await rows.row(matchId)).score_protected_until;
      };
      expect(await takeover('direct')).toBeInstanceOf(Date);
      expect(await takeover('legacy')).toBeNull();
    });

    it('a match without news stays protected', async () => {
      await secondHalf('off');
      expect((await rows.row(matchId)).score_protected_until).toBeNull();
      await mode('protect');
      await path.round();
      expect((await rows.row(matchId)).score_protected_until).toBeInstanceOf(Date);
    });
  });

  describe('a job that ends a match in extra time', () => {
    const EXTRA = NOW + 3_600;
    const falseEnd = () =>
      rows.sql.query('UPDATE ts_matches SET status_id = 8, ended = true WHERE external_id = $1', [matchId]);

    async function extraTime(value: ForeignWriterMode): Promise<void> {
      await secondHalf(value);
      await path.tell(matchId, { atS: EXTRA, status: 5, home: slots(2), away: slots(2), kickoffS: EXTRA });
      path.clock.set((EXTRA + 60) * 1000);
    }

    it('is held off in mode protect', async () => {
      await extraTime('protect');
      await falseEnd();
      expect(await rows.row(matchId)).toMatchObject({ status_id: 5 });
    });

    it('is told otherwise, the provider is asked, and its answer opens the match again', async () => {
      await extraTime('off');
      await falseEnd();
      await path.round();
      expect(path.told(matchId)).toContain('full-time');
      expect(path.askedBy(EXTRA + 94)).toContain(matchId);
      const answer = { atS: EXTRA + 95, pulledAfterS: 1, status: 5, home: slots(2), away: slots(2) } as const;
      await path.tell(matchId, answer);
      expect(await rows.row(matchId)).toMatchObject({ status_id: 5, ended: false });
    });
  });

  describe('the mode', () => {
    it('is off for our statements again when it is changed, and they leave the column alone', async () => {
      await secondHalf('protect');
      const { score_protected_until: until } = await rows.row(matchId);
      await mode('observe');
      await path.round();
      await path.tell(matchId, { atS: NOW + 60, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
      expect((await rows.row(matchId)).score_protected_until).toEqual(until);
    });
  });
});
