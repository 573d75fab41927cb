import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { PgDeletionStore } from '../../src/sync/adapters/pg/pg-deletion-store.js';
import { PgFixtureStore } from '../../src/sync/adapters/pg/pg-fixture-store.js';
import { PageReader } from '../../src/sync/entity/page-reader.js';
import type { JobRun } from '../../src/sync/job-run.js';
import { DiaryJob } from '../../src/sync/match/diary-job.js';
import { FixtureSaver } from '../../src/sync/match/fixture-saver.js';
import { MatchIntake } from '../../src/sync/match/match-intake.js';
import { MatchLists } from '../../src/sync/match/match-lists.js';
import { MatchSyncSettings } from '../../src/sync/match/match-sync-settings.js';
import { PulledUpdates } from '../../src/sync/match/pulled-updates.js';
import { RecentJob } from '../../src/sync/match/recent-job.js';
import { UnknownMatches } from '../../src/sync/match/unknown-matches.js';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { eventually } from '../support/eventually.js';
import { FakeProviderLists } from '../support/fake-provider-lists.js';
import { KICKOFF_S, slots } from '../support/history.js';
import { jobRun } from '../support/job-run.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

const MATCH = 'l7oqdehg6ko3r51';

describe('fixtures and scores of lists, through the writer on PostgreSQL', () => {
  let rows: PgScoreRows;
  let path: DirectPathOnPostgres;
  let lists: FakeProviderLists;
  let unknown: UnknownMatches;
  let recent: RecentJob;
  let diary: DiaryJob;
  const woken: string[] = [];

  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());

  beforeEach(async () => {
    await rows.sql.query('TRUNCATE ts_matches, livescore_journal, livescore_sync_deleted CASCADE');
    path = await DirectPathOnPostgres.on(rows);
    const { clock } = path;
    const scheduler = new SystemScheduler();
    const store = new PgFixtureStore(rows.connection);
    lists = new FakeProviderLists(
      () => ({}),
      () => clock.nowMs(),
    );
    const reader = new PageReader(lists, scheduler, clock, path.metrics);
    const pulled = new PulledUpdates(path.accounting, scheduler, path.sink);
    unknown = new UnknownMatches(store, clock, scheduler, path.lookups);
    woken.length = 0;
    unknown.wake$.subscribe((job) => woken.push(job));
    const intake = new MatchIntake(new FixtureSaver(store, scheduler), pulled, unknown, clock, scheduler);
    const matchLists = new MatchLists(reader);
    recent = new RecentJob(matchLists, intake, clock, scheduler);
    diary = new DiaryJob(matchLists, intake, new MatchSyncSettings(), clock, scheduler);
  });
  afterEach(async () => {
    unknown.onModuleDestroy();
    await path.stop();
  });

  const entry = (fields: Readonly<Record<string, unknown>> = {}) => ({
    id: MATCH,
    competition_id: 'c1',
    home_team_id: 'h1',
    away_team_id: 'a1',
    match_time: KICKOFF_S,
    status_id: 1,
    home_scores: slots(0),
    away_scores: slots(0),
    updated_at: KICKOFF_S - 60,
    ...fields,
  });
  const list = (...items: Readonly<Record<string, unknown>>[]) => {
    lists.say = ({ params }) => ({ items: params?.page === 1 ? items : [] });
  };
  const runRecent = async (facts: Partial<JobRun> = {}) => {
    const run = jobRun({ watermark: KICKOFF_S - 600, ...facts });
    const end = await recent.run(run);
    return { end, counts: run.counts };
  };

  it('a new match appears, and takes the score of a later list', async () => {
    list(entry());
    expect(await runRecent()).toMatchObject({
      end: { verdict: 'complete', watermark: KICKOFF_S - 60 },
      counts: { seen: 1, added: 1, changed: 0, refused: 0 },
    });
    expect(await rows.row(MATCH)).toMatchObject({ status_id: 1, home_team_id: 'h1', home_score_display: 0 });
    path.clock.set((KICKOFF_S + 1_200) * 1000);
    list(entry({ status_id: 2, home_scores: slots(1), updated_at: KICKOFF_S + 1_190 }));
    expect((await runRecent()).counts).toMatchObject({ added: 0, changed: 1 });
    expect(await rows.row(MATCH)).toMatchObject({
      status_id: 2,
      home_score_display: 1,
      home_score_source: 'api',
      provider_update_time: null,
      external_updated_at: String(KICKOFF_S + 1_190),
    });
    expect(path.told(MATCH)).toContain('goal');
    expect(path.accounting.balance()).toMatchObject({ unaccounted: 0, inFlight: 0 });
  });

  it('a match that the feed speaks of first gets its row, and what the feed had said', async () => {
    await path.tell(MATCH, { atS: KICKOFF_S + 600, status: 2, home: slots(1), kickoffS: KICKOFF_S });
    await eventually(() => woken.includes('recent'), { what: 'the recent list to be wanted' });
    list(entry());
    await runRecent();
    await path.settled();
    expect(await rows.row(MATCH)).toMatchObject({
      home_team_id: 'h1',
      status_id: 2,
      home_score_display: 1,
      first_half_kickoff_ts: String(KICKOFF_S),
    });
    expect(unknown.size).toBe(0);
  });

  it('a slow page never goes over a newer score of the feed', async () => {
    list(entry());
    await runRecent();
    const from = KICKOFF_S + 600;
    path.clock.set(from * 1000);
    await path.tell(MATCH, { atS: from, status: 2, home: slots(1), kickoffS: KICKOFF_S });
    list(entry({ status_id: 2, home_scores: slots(0), updated_at: from }));
    const ask = lists.ask.bind(lists);
    // the page is asked for before the goal, and arrives after it
    lists.ask = async (request) => {
      const answer = await ask(request);
      if (request.params?.page === 1) await path.tell(MATCH, { atS: from + 20, status: 2, home: slots(2) });
      return answer;
    };
    await runRecent();
    expect(await rows.row(MATCH)).toMatchObject({ home_score_display: 2, home_score_source: 'mqtt' });
    // nor does a page that is asked for soon after it, out of a cache
    lists.ask = ask;
    path.clock.set((from + 120) * 1000);
    await runRecent();
    expect(await rows.row(MATCH)).toMatchObject({ home_score_display: 2 });
    expect(path.told(MATCH)).not.toContain('goal-cancelled');
  });

  it('what an entry does not say, or says as nothing, erases nothing', async () => {
    list(entry({ venue_id: 'v1', note: 'Derby', round: { stage_id: 's1', round_num: 3, group_num: 0 }, neutral: 1 }));
    await runRecent();
    path.clock.set((KICKOFF_S + 60) * 1000);
    await path.tell(MATCH, { atS: KICKOFF_S + 60, status: 2, home: slots(1), kickoffS: KICKOFF_S });
    path.clock.set((KICKOFF_S + 1_000) * 1000);
    const nothing = { venue_id: '', note: null, round: {}, competition_id: '0', home_scores: null, status_id: null };
    list(entry({ ...nothing, updated_at: KICKOFF_S + 900 }));
    expect((await runRecent()).counts.refused).toBe(0);
    expect(await rows.row(MATCH)).toMatchObject({
      venue_id: 'v1',
      note: 'Derby',
      competition_id: 'c1',
      stage_id: 's1',
      round_num: 3,
      group_num: 0,
      neutral: true,
      status_id: 2,
      home_score_display: 1,
    });
  });

  it('a finished match that is first seen in the diary gets its result, and no goal is announced', async () => {
    path.clock.set((KICKOFF_S + 9_000) * 1000);
    lists.say = ({ params }) => ({
      items:
        params?.page === 1
          ? [
              entry({
                status_id: 8,
                home_scores: slots(3, { ht: 1 }),
                away_scores: slots(1),
                updated_at: KICKOFF_S + 8_000,
              }),
            ]
          : [],
    });
    const run = jobRun();
    expect(await diary.run(run)).toEqual({ verdict: 'complete' });
    // two dates of the provider, one match
    expect(lists.params('/match/diary').map((params) => params?.page)).toEqual([1, 2, 1, 2]);
    expect(run.counts).toMatchObject({ seen: 2, added: 1, changed: 0 });
    expect(await rows.row(MATCH)).toMatchObject({
      status_id: 8,
      home_score_display: 3,
      away_score_display: 1,
      home_scores: slots(3, { ht: 1 }),
    });
    expect(path.told(MATCH)).toEqual(expect.arrayContaining(['full-time', 'score-changed']));
    expect(path.told(MATCH)).not.toContain('goal');
  });

  it('a list that is read again rewrites nothing, and is no news to anybody', async () => {
    list(entry({ status_id: 2, home_scores: slots(1) }));
    path.clock.set((KICKOFF_S + 600) * 1000);
    await runRecent();
    const before = await rows.row(MATCH);
    const commits = path.commits.length;
    path.clock.set((KICKOFF_S + 700) * 1000);
    expect((await runRecent()).counts).toMatchObject({ added: 0, changed: 0 });
    expect(await rows.row(MATCH)).toEqual(before);
    expect(path.commits).toHaveLength(commits);
  });

  it('an older entry of another list changes neither fixture nor score', async () => {
    path.clock.set((KICKOFF_S + 600) * 1000);
    list(entry({ status_id: 2, home_scores: slots(2), note: 'new', updated_at: KICKOFF_S + 590 }));
    await runRecent();
    path.clock.set((KICKOFF_S + 1_200) * 1000);
    list(entry({ status_id: 2, home_scores: slots(1), note: 'old', updated_at: KICKOFF_S + 500 }));
    await runRecent();
    expect(await rows.row(MATCH)).toMatchObject({ note: 'new', home_score_display: 2 });
  });

  it('a deleted match that a later list names is not deleted any more', async () => {
    await new PgDeletionStore(rows.connection).mark('match', [MATCH], 25);
    list(entry());
    await runRecent({ startedAtMs: Date.now() + 3_600_000 });
    const { rows: marks } = await rows.sql.query('SELECT FROM livescore_sync_deleted WHERE listed_at IS NULL');
    expect(marks).toHaveLength(0);
  });
});
