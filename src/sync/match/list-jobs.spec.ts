import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeFixtureStore } from '../../../test/support/fake-fixture-store.js';
import { FakeProviderLists, type Said } from '../../../test/support/fake-provider-lists.js';
import { jobRun } from '../../../test/support/job-run.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { MatchLookups } from '../../contracts/match-lookups.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { APPLIED } from '../../domain/outcomes.js';
import type { RunEnd } from '../../domain/sync/run-facts.js';
import { Accounting } from '../../kernel/accounting.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { BrokerBackpressure, NO_BROKER } from '../../mqtt-ingest/ports/broker-backpressure.js';
import { UNMEASURED } from '../../provider/ports/provider-clock.js';
import type { ProviderItem } from '../../provider/ports/provider-lists.js';
import { ProviderError } from '../../provider/provider.errors.js';
import { PageReader } from '../entity/page-reader.js';
import type { JobRun } from '../job-run.js';
import type { ExtraEntities } from '../ports/extra-entities.js';
import { DiaryJob } from './diary-job.js';
import { FixtureSaver } from './fixture-saver.js';
import { MatchIntake } from './match-intake.js';
import { MatchLists } from './match-lists.js';
import { MatchSyncSettings } from './match-sync-settings.js';
import { PulledUpdates } from './pulled-updates.js';
import { RecentJob } from './recent-job.js';
import { UnknownMatches } from './unknown-matches.js';

/** 2026-01-17 15:00 UTC: 18:00 of the operators' day */
const NOW_S = 1_768_662_000;
const REFUSED = new ProviderError('address', 'not on the list', { endpoint: '/x' });

describe('jobs that read lists of fixtures', () => {
  let time: VirtualTime;
  let store: FakeFixtureStore;
  let lists: FakeProviderLists;
  let submitted: MatchUpdate[];
  let backlog: { -readonly [K in keyof BrokerBackpressure]: BrokerBackpressure[K] };
  let offered: [string, number][];
  let recent: RecentJob;
  let diary: DiaryJob;

  beforeEach(() => {
    time = new VirtualTime();
    const clock = new VirtualClock(time, NOW_S * 1000);
    const scheduler = new VirtualScheduler(time);
    store = new FakeFixtureStore();
    lists = new FakeProviderLists(
      () => ({}),
      () => clock.nowMs(),
    );
    submitted = [];
    backlog = { ...NO_BROKER };
    offered = [];
    const accounting = new Accounting();
    const pulled = new PulledUpdates(accounting, scheduler, {
      submit: (updates, receipt) => {
        submitted.push(...updates);
        for (const update of updates) receipt?.concluded(update, APPLIED);
      },
    });
    const unknown = new UnknownMatches(store, clock, scheduler, new MatchLookups());
    const extra: ExtraEntities = {
      offer: async (entity, items) => {
        offered.push([entity, items.length]);
        if (entity === 'team') throw new Error('no table');
      },
    };
    const intake = new MatchIntake(
      new FixtureSaver(store, scheduler),
      pulled,
      unknown,
      clock,
      scheduler,
      UNMEASURED,
      backlog,
      extra,
    );
    const matchLists = new MatchLists(new PageReader(lists, scheduler, clock, new LiveScoreMetrics()));
    recent = new RecentJob(matchLists, intake, clock, scheduler);
    diary = new DiaryJob(matchLists, intake, new MatchSyncSettings(), clock, scheduler);
  });

  /** Time passes until the run ends. */
  const end = async (running: Promise<RunEnd>): Promise<RunEnd> => {
    let done: RunEnd | null = null;
    void running.then((value) => {
      done = value;
    });
    for (let n = 0; done === null && n < 2_000; n++) await time.advance(1_000);
    return running;
  };
  const entry = (id: string, fields: ProviderItem = {}): ProviderItem => ({
    id,
    match_time: NOW_S,
    updated_at: NOW_S - 100,
    ...fields,
  });
  const pages = (...given: (readonly ProviderItem[] | Said)[]) => {
    lists.say = ({ params }) => {
      const page = given[Number(params?.page) - 1] ?? [];
      return page instanceof Error || !Array.isArray(page) ? (page as Said) : { items: page };
    };
  };
  const pagesAsked = () => lists.asked.map(({ params }) => params?.page);

  describe('recent', () => {
    const run = (facts: Partial<JobRun> = {}) => {
      const job = jobRun({ watermark: NOW_S - 600, ...facts });
      return { end: () => end(recent.run(job)), counts: job.counts };
    };

    it('asks for the second of the watermark again, and moves it to the newest change', async () => {
      pages([entry('a', { updated_at: NOW_S - 50 }), entry('b')]);
      const one = run();
      expect(await one.end()).toEqual({ verdict: 'complete', watermark: NOW_S - 50 });
      expect(lists.params('/match/recent/list')).toEqual([
        { page: 1, time: NOW_S - 600 },
        { page: 2, time: NOW_S - 600 },
      ]);
      expect(one.counts).toMatchObject({ seen: 2, added: 2 });
    });

    it.each<[string, Partial<JobRun>, number]>([
      ['the first run', { watermark: null }, NOW_S - 86_400],
      ['a full run', { kind: 'full' }, NOW_S - 86_400],
      ['a watermark of long ago', { watermark: 1_000_000_000 }, NOW_S - 30 * 86_400],
      ['a watermark of the future', { watermark: 17_000_000_001 }, NOW_S],
    ])('%s asks for what can be answered', async (_, facts, time) => {
      await run(facts).end();
      expect(lists.params('/match/recent/list')[0]).toEqual({ page: 1, time });
    });

    it('an empty list leaves the watermark where it is', async () => {
      expect(await run().end()).toEqual({ verdict: 'complete', watermark: NOW_S - 600 });
    });

    it('never moves the watermark past its own beginning', async () => {
      pages([entry('a', { updated_at: NOW_S + 200 })]);
      expect(await run().end()).toEqual({ verdict: 'complete', watermark: NOW_S });
    });

    it.each<[string, Said]>([
      ['an error', REFUSED],
      ['no results', { items: null }],
    ])('%s is no empty list: the watermark stays', async (_, said) => {
      pages(said);
      expect(await run().end()).toEqual({ verdict: 'failed', error: expect.any(String) });
      pages([entry('a')], said);
      expect(await run().end()).toEqual({ verdict: 'partial', error: expect.any(String) });
    });

    it('after an error goes on at the page that failed, with what it had', async () => {
      pages([entry('a', { updated_at: NOW_S - 10 })], REFUSED);
      await run().end();
      lists.asked.length = 0;
      pages([entry('a')], [entry('b')]);
      expect(await run().end()).toEqual({ verdict: 'complete', watermark: NOW_S - 10 });
      expect(pagesAsked()).toEqual([2, 3, 2, 1]);
    });

    it('a list of more than 20 pages is read to its end by the runs that follow, and loses nothing', async () => {
      const all = Array.from({ length: 25 }, (_, n) => [entry(`m${n}`, { updated_at: NOW_S - 500 + n })]);
      pages(...all);
      expect(await run().end()).toMatchObject({
        verdict: 'partial',
        error: '20 pages were read, the next run goes on at page 21',
      });
      expect(await run().end()).toMatchObject({ verdict: 'partial' });
      expect(store.rows.size).toBe(25);
      expect(await run().end()).toEqual({ verdict: 'complete', watermark: NOW_S - 476 });
      expect(lists.asked).toHaveLength(25 + 1 + 25);
    });

    it('another watermark, or a full run, begins anew', async () => {
      pages([entry('a')], REFUSED);
      await run().end();
      lists.asked.length = 0;
      await run({ watermark: NOW_S - 60 }).end();
      expect(lists.params('/match/recent/list')[0]).toEqual({ page: 1, time: NOW_S - 60 });
    });

    it('a page that comes again and again is the end of the list', async () => {
      lists.say = () => ({ items: [entry('a'), entry('b')] });
      expect(await run().end()).toMatchObject({ verdict: 'complete' });
      expect(pagesAsked().length).toBeLessThan(5);
    });

    it('a row that somebody holds is tried again, and keeps the watermark', async () => {
      store.busy.add('a');
      pages([entry('a'), entry('b')]);
      expect(await run().end()).toEqual({ verdict: 'partial', error: 'some matches have to come again' });
      expect(store.saved).toEqual([['a', 'b'], ['a'], ['a']]);
    });

    it('a database that is away is no fault of the list, and keeps the watermark', async () => {
      store.fault = Object.assign(new Error('down'), { code: '57P01' });
      expect(await run().end()).toEqual({ verdict: 'failed', error: 'the database answered 57P01' });
    });

    it('a match that the database will never take costs no other', async () => {
      const save = store.save.bind(store);
      store.save = async (fields, fixtures) => {
        if (fixtures.some(({ matchId }) => matchId === 'bad')) throw Object.assign(new Error('no'), { code: '23514' });
        return save(fields, fixtures);
      };
      pages([entry('a'), entry('bad'), entry('b'), entry('c')]);
      const one = run();
      expect(await one.end()).toMatchObject({ verdict: 'complete' });
      expect([...store.rows.keys()]).toEqual(['a', 'b', 'c']);
      expect(one.counts).toMatchObject({ added: 3, refused: 1 });
    });

    it('entries of which none can be understood are no list: the watermark stays', async () => {
      pages([{ name: 'x' }, { name: 'y' }]);
      const one = run();
      expect(await one.end()).toMatchObject({ verdict: 'partial' });
      expect(one.counts.refused).toBe(2);
    });

    it('ends when it is told to', async () => {
      pages([entry('a')]);
      const stop = new AbortController();
      stop.abort();
      expect(await run({ signal: stop.signal }).end()).toEqual({ verdict: 'failed', error: 'stopped' });
    });

    it('counts what cannot be taken, and takes the rest', async () => {
      pages({ items: [entry('a', { neutral: 'x' }), entry(''), { id: 'b' }, entry('c')], refused: 1 });
      const one = run();
      expect(await one.end()).toMatchObject({ verdict: 'complete' });
      expect(one.counts).toMatchObject({ seen: 5, added: 2, refused: 4 });
    });

    it('hands scores that differ to the guard, as entries of a list without provider time', async () => {
      const ZERO = [0, 0, 0, 0, 0, 0, 0];
      const score = (status_id: number, home: number) => ({
        status_id,
        home_scores: [home, 0, 0, 0, -1, 0, 0],
        away_scores: ZERO,
      });
      pages([entry('a', score(2, 1)), entry('b', score(1, 0)), entry('c', score(0, 0)), entry('d')]);
      await run().end();
      expect(submitted).toEqual([
        expect.objectContaining({
          matchId: 'a',
          source: 'api',
          delivery: 'pull',
          requestedAtMs: NOW_S * 1000,
          providerTimeS: null,
          fromList: true,
        }),
      ]);
    });

    it('while the broker holds frames back scores wait, and keep the watermark', async () => {
      backlog.isOver = false;
      const goals = [1, 0, 0, 0, 0, 0, 0];
      pages([entry('a', { status_id: 2, home_scores: goals, away_scores: goals })]);
      expect(await run().end()).toMatchObject({ verdict: 'partial' });
      expect(submitted).toEqual([]);
      expect(store.rows.size).toBe(1);
    });

    it('offers teams and competitions that came along, and loses no match when they are refused', async () => {
      const extra = new Map([
        ['team', [{ id: 't1' }, { id: 't2' }]],
        ['competition', [{ id: 'c1' }]],
        ['odds', [{ id: 'o1' }]],
      ]);
      pages({ items: [entry('a')], extra });
      expect(await run().end()).toMatchObject({ verdict: 'complete' });
      expect(offered).toEqual([
        ['team', 2],
        ['competition', 1],
      ]);
      expect(store.rows.size).toBe(1);
    });
  });

  describe('diary', () => {
    const byDate = (dates: Readonly<Record<string, readonly ProviderItem[] | Error>>) => {
      lists.say = ({ params }) => {
        const items = dates[String(params?.date)] ?? [];
        if (items instanceof Error) return items;
        return { items: params?.page === 1 ? items : [] };
      };
    };
    const datesAsked = () => [...new Set(lists.asked.map(({ params }) => params?.date))];

    it('reads the operators’ day out of two dates of the provider, each match once', async () => {
      byDate({
        20260117: [
          entry('early', { match_time: NOW_S - 18 * 3_600 - 1 }),
          entry('first', { match_time: NOW_S - 18 * 3_600 }),
          entry('both'),
        ],
        20260118: [
          entry('both'),
          entry('last', { match_time: NOW_S + 6 * 3_600 - 1 }),
          entry('tomorrow', { match_time: NOW_S + 6 * 3_600 }),
        ],
      });
      expect(await end(diary.run(jobRun()))).toEqual({ verdict: 'complete' });
      expect(datesAsked()).toEqual(['20260117', '20260118']);
      expect(store.saved.flat()).toEqual(['first', 'both', 'last']);
    });

    it('takes the newer of two entries of one match', async () => {
      byDate({
        20260117: [entry('a', { note: 'old' })],
        20260118: [entry('a', { note: 'new', updated_at: NOW_S - 1 })],
      });
      await end(diary.run(jobRun()));
      expect(store.rows.get('a')?.values.note).toBe('new');
    });

    it('a full run reads the days around, each date once', async () => {
      await end(diary.run(jobRun({ kind: 'full' })));
      expect(datesAsked()).toEqual(['20260116', '20260117', '20260118', '20260119']);
    });

    it('a date that fails leaves the others their turn', async () => {
      byDate({ 20260117: REFUSED, 20260118: [entry('a')] });
      expect(await end(diary.run(jobRun()))).toEqual({
        verdict: 'partial',
        error: expect.stringContaining('20260117: '),
      });
      expect(store.rows.size).toBe(1);
      byDate({ 20260117: REFUSED, 20260118: REFUSED });
      expect(await end(diary.run(jobRun()))).toMatchObject({ verdict: 'failed' });
    });

    it('ends after 20 pages, and says so', async () => {
      lists.say = ({ params }) => ({ items: [entry(`m${params?.page}`)] });
      expect(await end(diary.run(jobRun()))).toMatchObject({ error: expect.stringContaining('more than 20 pages') });
      expect(lists.asked).toHaveLength(40);
    });
  });
});
