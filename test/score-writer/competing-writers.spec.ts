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

  const mode = (value: ForeignWriterMode) =>
    rows.sql.query(`UPDATE livescore_setting SET value = $1 WHERE name = 'foreign_writer_mode'`, [value]);

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

  /** A person by the endpoint of the platform. */
  const administrator = () =>
    rows.sql.query(
      `UPDATE ts_matches SET home_scores = '[3,0,0,0,0,0,0]', home_score_display = 3, home_score_regular = 3,
       minute = NULL, last_update_source = 'api_force_refresh' WHERE external_id = $1`,
      [matchId],
    );

  /** A person at the database, who corrects only what readers show. */
  const operator = async () => {
    await rows.sql.query('BEGIN');
    await rows.sql.query(`SET LOCAL livescore.writer = 'admin'`);
    await rows.sql.query('UPDATE ts_matches SET home_score_display = 3 WHERE external_id = $1', [matchId]);
    await rows.sql.query('COMMIT');
  };

  /** Only the stamp. */
  const stamped = () =>
    rows.sql.query(
      `UPDATE ts_matches SET home_score_display = 3, home_score_source = 'admin', home_score_timestamp = $2
       WHERE external_id = $1`,
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

    it('a person is heard once and kept, as a version with a journal row', async () => {
      await secondHalf(value);
      await administrator();
      for (let n = 0; n < 3; n++) await path.round();
      expect(await rows.row(matchId)).toMatchObject({
        home_score_display: 3,
        home_scores: slots(3),
        home_score_source: 'admin',
        score_version: '4',
      });
      expect(path.told(matchId)).toEqual(['score-changed']);
      expect(await foreignInJournal()).toBe(1);
      await diarySync();
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ home_score_display: 3, status_id: 4 });
    });

    it('a stale display over what a person wrote is undone, and is no goal: the feed has not told any', async () => {
      await secondHalf(value);
      await administrator();
      await path.round();
      await rows.sql.query('UPDATE ts_matches SET home_score_display = 1 WHERE external_id = $1', [matchId]);
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ home_score_display: 3, home_scores: slots(3) });
      expect(path.told(matchId)).toEqual(['score-changed', 'score-changed', 'score-changed']);
      await path.tell(matchId, { atS: NOW + 60, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
      expect(path.told(matchId).filter((type) => type === 'goal')).toHaveLength(1);
    });

    it('a person who corrects what is shown of one side is heard beside a program that wrote the other within the second', async () => {
      await secondHalf(value);
      await rows.sql.query(
        `UPDATE ts_matches SET home_scores = '[3,0,0,0,0,0,0]', home_score_display = 3, home_score_regular = 3
         WHERE external_id = $1`,
        [matchId],
      );
      const set = `away_score_display = 2${value === 'off' ? `, last_update_source = 'api_manual_refresh'` : ''}`;
      await rows.sql.query('BEGIN');
      await rows.sql.query(`SET LOCAL livescore.writer = 'admin'`);
      await rows.sql.query(`UPDATE ts_matches SET ${set} WHERE external_id = $1`, [matchId]);
      await rows.sql.query('COMMIT');
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ away_score_display: 2, away_scores: slots(2) });
    });

    it('a stamp of admin is no authority: what it shows is undone, and says nothing of admin', async () => {
      await secondHalf(value);
      await stamped();
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ ...RIGHT, home_score_source: 'mqtt' });
    });

    it('a finisher that stamps admin ends no match whose feed is fresh: nobody hears it, and the next goal counts', async () => {
      await secondHalf(value);
      await stuckMatchFinisher();
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ ...RIGHT, ended: false, status_id_source: 'mqtt' });
      expect(path.told(matchId)).toEqual([]);
      await path.tell(matchId, { atS: NOW + 60, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
      expect(await rows.row(matchId)).toMatchObject({ status_id: 4, home_score_display: 3 });
      expect(path.told(matchId)).toContain('goal');
    });

    it('a finisher ends a match whose feed is silent, until the feed goes on', async () => {
      await secondHalf(value);
      path.clock.set((NOW + 900) * 1000);
      await stuckMatchFinisher();
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ status_id: 8, score_version: '4' });
      expect(path.told(matchId)).toEqual(['state-changed', 'full-time']);
      expect(await foreignInJournal()).toBe(1);
      await path.tell(matchId, { atS: NOW + 960, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
      expect(await rows.row(matchId)).toMatchObject({ status_id: 4, home_score_display: 3, ended: false });
    });

    it('what is shown wrong of a match that has ended is repaired, too', async () => {
      await secondHalf(value);
      await path.tell(matchId, { atS: NOW + 60, status: 8, home: slots(2), away: slots(1), kickoffS: SECOND });
      await rows.sql.query('UPDATE ts_matches SET home_score_display = 1 WHERE external_id = $1', [matchId]);
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ ...RIGHT, status_id: 8 });
      await path.round();
      expect(path.commits.map(({ source }) => source)).toEqual(['mqtt', 'foreign', 'mqtt']);
    });

    it('a score that the match had before is no correction of a match that has just ended', async () => {
      await secondHalf(value);
      await path.tell(matchId, { atS: NOW + 30, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
      await path.tell(matchId, { atS: NOW + 60, status: 8, home: slots(3), away: slots(1), kickoffS: SECOND });
      await rows.sql.query(
        `UPDATE ts_matches SET home_scores = '[2,0,0,0,0,0,0]', home_score_display = 2 WHERE external_id = $1`,
        [matchId],
      );
      await path.round();
      expect(await rows.row(matchId)).toMatchObject({ status_id: 8, home_score_display: 3, home_scores: slots(3) });
    });

    it('a match that the feed never spoke of is told and becomes a version: its start, its goal and its end', async () => {
      await secondHalf(value);
      for (let n = 0; n < 4; n++) await path.round();
      const other = `${matchId}-unfed`;
      await rows.insert(other);
      const write = (set: string) => rows.sql.query(`UPDATE ts_matches SET ${set} WHERE external_id = $1`, [other]);
      const looks = async () => {
        for (let n = 0; n < 4; n++) await path.round();
        return [(await rows.row(other)).score_version, path.told(other), (await rows.journal(other)).length];
      };
      await write('status_id = 2');
      expect(await looks()).toEqual(['1', ['state-changed', 'kick-off'], 1]);
      await write(`home_scores = '[1,0,0,0,0,0,0]', home_score_display = 1`);
      expect(await looks()).toEqual(['2', ['state-changed', 'kick-off', 'score-changed'], 2]);
      await write('status_id = 8');
      expect(await looks()).toEqual([
        '3',
        ['state-changed', 'kick-off', 'score-changed', 'state-changed', 'full-time'],
        3,
      ]);
      expect((await rows.journal(other)).map(({ source }) => source)).toEqual(['foreign', 'foreign', 'foreign']);
    });
  });

  it('more matches than are watched, live without the feed, are each told once at most', async () => {
    await secondHalf('off');
    for (let n = 0; n < 4; n++) await path.round();
    await rows.sql.query(
      `INSERT INTO ts_matches (external_id, status_id) SELECT 'crowd-' || n, 2 FROM generate_series(1, 1300) n`,
    );
    for (let n = 0; n < 12; n++) await path.round();
    const told = path.commits.map((commit) => commit.matchId).filter((id) => id.startsWith('crowd-'));
    await rows.sql.query(`DELETE FROM ts_matches WHERE external_id LIKE 'crowd-%'`);
    expect(told.length).toBeGreaterThan(900);
    expect(new Set(told).size).toBe(told.length);
  });

  describe('beside the writers of the platform, mode protect', () => {
    it.each(STALE)('%s never shows, and leaves a trace', async (_what, write) => {
      await secondHalf('protect');
      const before = await rows.row(matchId);
      await write();
      expect(await rows.row(matchId)).toMatchObject(RIGHT);
      expect((await rows.row(matchId)).score_version).toBe(before.score_version);
      await path.round();
      // its writer tells the clients that it was done: the true row is told after it
      expect(path.commits).toMatchObject([{ source: 'foreign', version: 3, after: { status: 4, shown: { home: 2 } } }]);
      expect(path.told(matchId)).toEqual(['state-changed', 'score-changed']);
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
      ['by the endpoint of the platform', administrator],
      ['at the database, of the display alone: the slots follow', operator],
    ] as const)('a person passes, is journaled and told once, %s', async (_how, write) => {
      await secondHalf('protect');
      await write();
      for (let n = 0; n < 3; n++) await path.round();
      expect(await rows.row(matchId)).toMatchObject({
        home_score_display: 3,
        home_score_regular: 3,
        home_scores: slots(3),
        home_score_source: 'admin',
      });
      expect(path.told(matchId)).toEqual(['score-changed']);
      expect(await foreignInJournal()).toBeGreaterThan(0);
      expect(await path.counted()).toMatchObject({ 'protect/admin': 1 });
    });

    it.each([
      ['the finisher of stuck matches', stuckMatchFinisher],
      ['whoever stamps admin', stamped],
    ] as const)('%s is held off, with all that it says of the end', async (_who, write) => {
      await secondHalf('protect');
      const before = await rows.row(matchId);
      await write();
      expect(await rows.row(matchId)).toEqual(before);
      expect(await traces()).toEqual(['held-off']);
    });

    it('the end of a watchdog leaves nothing behind', async () => {
      await secondHalf('protect');
      const before = await rows.row(matchId);
      await rows.sql.query(
        `UPDATE ts_matches SET status_id = 8, ended = true, minute = NULL, minute_source = 'watchdog', minute_timestamp = 1,
         last_update_source = 'watchdog', status_id_source = 'watchdog' WHERE external_id = $1`,
        [matchId],
      );
      expect(await rows.row(matchId)).toEqual(before);
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

  it.each(['off', 'observe', 'protect'] as const)(
    'a match that a program has ended before the feed spoke of it goes on when the feed does, mode %s',
    async (value) => {
      await secondHalf(value);
      const other = `${matchId}-unfed`;
      await rows.insert(other);
      const write = async (set: string) => {
        await rows.sql.query(`UPDATE ts_matches SET ${set} WHERE external_id = $1`, [other]);
        for (let n = 0; n < 4; n++) await path.round();
      };
      await write('status_id = 4');
      await write(`status_id = 8, status_id_source = 'admin', ended = true`);
      await path.tell(other, { atS: NOW + 60, status: 4, home: slots(1), kickoffS: SECOND });
      expect(await rows.row(other)).toMatchObject({ status_id: 4, home_score_display: 1, ended: false });
    },
  );

  it.each(['off', 'observe', 'protect'] as const)(
    'a person who ends a match ends it in every column, mode %s',
    async (value) => {
      await secondHalf(value);
      const set = `status_id = 8${value === 'off' ? `, last_update_source = 'api_manual_refresh'` : ''}`;
      await rows.sql.query('BEGIN');
      await rows.sql.query(`SET LOCAL livescore.writer = 'admin'`);
      await rows.sql.query(`UPDATE ts_matches SET ${set} WHERE external_id = $1`, [matchId]);
      await rows.sql.query('COMMIT');
      for (let n = 0; n < 4; n++) await path.round();
      expect(await rows.row(matchId)).toMatchObject({ status_id: 8, ended: true, status_id_source: 'admin' });
      expect(path.told(matchId)).toEqual(['state-changed', 'full-time']);
    },
  );

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

    it('is undone while the feed is fresh, and told to nobody', async () => {
      await extraTime('off');
      await falseEnd();
      await path.round();
      expect(path.told(matchId)).not.toContain('full-time');
      expect(await rows.row(matchId)).toMatchObject({ status_id: 5, ended: false });
    });

    it('is told after the feed has been silent, the provider is asked, and its answer opens the match again', async () => {
      await extraTime('off');
      path.clock.set((EXTRA + 700) * 1000);
      await falseEnd();
      await path.round();
      expect(path.told(matchId)).toContain('full-time');
      expect(path.askedBy(EXTRA + 734)).toContain(matchId);
      const answer = { atS: EXTRA + 735, pulledAfterS: 1, status: 5, home: slots(2), away: slots(2) } as const;
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
