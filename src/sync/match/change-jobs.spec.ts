import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeFixtureStore } from '../../../test/support/fake-fixture-store.js';
import { FakeProviderLists, type Said } from '../../../test/support/fake-provider-lists.js';
import { jobRun } from '../../../test/support/job-run.js';
import { VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { MatchLookups } from '../../contracts/match-lookups.js';
import { ProviderChanges } from '../../contracts/provider-changes.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { ProviderError } from '../../provider/provider.errors.js';
import { FakeClock } from '../../testing/fake-clock.js';
import { PageReader } from '../entity/page-reader.js';
import type { ChangeStore, KeptChange } from '../ports/change-store.js';
import type { DeletionStore } from '../ports/deletion-store.js';
import { ChangeRoutes } from './change-routes.js';
import { ChangesJob } from './changes-job.js';
import { DeletedJob } from './deleted-job.js';

const AT_S = 1_768_662_000;
const REFUSED = new ProviderError('address', 'not on the list', { endpoint: '/x' });
const groups = (given: Readonly<Record<string, readonly unknown[]>>): Said => ({
  groups: new Map(Object.entries(given)),
});
const match = (match_id: string, update_time = AT_S) => ({ match_id, update_time });

describe('jobs that read what changed and what was deleted', () => {
  let clock: FakeClock;
  let fixtures: FakeFixtureStore;
  let lookups: MatchLookups;
  let changes: ProviderChanges;
  let metrics: LiveScoreMetrics;
  let lists: FakeProviderLists;
  let kept: KeptChange[];
  let store: ChangeStore & { fault: Error | null; pruned: number[] };
  let asked: string[];

  beforeEach(() => {
    clock = new FakeClock(AT_S * 1000);
    fixtures = new FakeFixtureStore();
    lookups = new MatchLookups();
    changes = new ProviderChanges();
    metrics = new LiveScoreMetrics();
    lists = new FakeProviderLists(() => ({}));
    kept = [];
    asked = [];
    lookups.requests$.subscribe(({ matchId }) => asked.push(matchId));
    store = {
      fault: null,
      pruned: [],
      keep: async (news: readonly KeptChange[]) => {
        if (store.fault) throw store.fault;
        kept.push(...news);
        return news.length;
      },
      prune: async (days: number, limit: number) => {
        store.pruned.push(days);
        return store.pruned.length === 1 ? limit : 0;
      },
    };
  });

  describe('changes', () => {
    let job: ChangesJob;
    beforeEach(() => {
      job = new ChangesJob(lists, new ChangeRoutes(fixtures, lookups, changes, clock), store, metrics, clock);
    });
    const run = async (said: Said) => {
      lists.say = () => said;
      const given = jobRun();
      return { end: await job.run(given), counts: given.counts };
    };
    const counted = async () => {
      const { values } = await metrics.providerChanges.get();
      return Object.fromEntries(values.map(({ labels, value }) => [`${labels.type}/${labels.fate}`, value]));
    };

    it('asks about matches that are played, tells teams and seasons to whoever listens, and keeps everything', async () => {
      fixtures.playing.add('live');
      const told: unknown[] = [];
      changes.batches$.subscribe((batch) => told.push(...batch));
      const { end, counts } = await run(
        groups({
          1: [match('live'), match('later')],
          2: [{ team_id: 't1', update_time: AT_S }],
          3: [{ season_id: 's1' }],
          7: [{ update_time: AT_S }],
        }),
      );
      expect(end).toEqual({ verdict: 'complete' });
      expect(counts).toMatchObject({ seen: 5, changed: 5, refused: 0 });
      expect(asked).toEqual(['live']);
      expect(told).toEqual([
        { type: 2, of: 'team', id: 't1', updatedAtS: AT_S },
        { type: 3, of: 'season', id: 's1', updatedAtS: null },
      ]);
      expect(kept.map(({ id, fate }) => [id, fate])).toEqual([
        ['live', 'looked-up'],
        ['later', 'kept'],
        ['t1', 'told'],
        ['s1', 'told'],
        ['', 'kept'],
      ]);
      expect(await counted()).toEqual({ '1/looked-up': 1, '1/kept': 1, '2/told': 1, '3/told': 1, '7/kept': 1 });
    });

    it('what nobody listens to is kept and counted', async () => {
      await run(groups({ 3: [{ season_id: 's1' }] }));
      expect(kept).toEqual([expect.objectContaining({ type: 3, fate: 'kept' })]);
      expect(await counted()).toEqual({ '3/kept': 1 });
    });

    it('what the provider repeats is told once, and again when it changes', async () => {
      fixtures.playing.add('live');
      await run(groups({ 1: [match('live')] }));
      await run(groups({ 1: [match('live')] }));
      expect(asked).toEqual(['live']);
      await run(groups({ 1: [match('live', AT_S + 1)] }));
      expect(asked).toEqual(['live', 'live']);
      expect(kept).toHaveLength(2);
    });

    it('one match under several types is asked about once', async () => {
      fixtures.playing.add('live');
      await run(groups({ 1: [match('live')], 10: [match('live')], 11: [match('live')] }));
      expect(asked).toEqual(['live']);
    });

    it('keys and entries that are none are counted, and nothing is thrown', async () => {
      const { end, counts } = await run(groups({ 12: [match('a')], match: [match('b')], 4: [7, match('c')] }));
      expect(end).toEqual({ verdict: 'complete' });
      expect(counts).toMatchObject({ seen: 4, refused: 1, changed: 1 });
      expect(await counted()).toEqual({ 'unknown/unknown': 2, '4/refused': 1, '4/kept': 1 });
    });

    it.each<[string, Said, string]>([
      ['no change', {}, 'complete'],
      ['no results', { items: null }, 'failed'],
      ['a list', { items: [{ match_id: 'a' }] }, 'failed'],
      ['a list of nothing that can be read', { refused: 1 }, 'failed'],
      ['an error', REFUSED, 'failed'],
    ])('%s makes the run %s', async (_, said, verdict) => {
      expect((await run(said)).end.verdict).toBe(verdict);
    });

    it('what could not be kept is told once more', async () => {
      fixtures.playing.add('live');
      store.fault = Object.assign(new Error('down'), { code: '08006' });
      expect((await run(groups({ 1: [match('live')] }))).end).toEqual({
        verdict: 'failed',
        error: 'the database answered 08006',
      });
      store.fault = null;
      await run(groups({ 1: [match('live')] }));
      expect(asked).toEqual(['live', 'live']);
      expect(kept).toHaveLength(1);
    });

    it('what is a week old goes, every hour, in batches', async () => {
      await run({});
      expect(store.pruned).toEqual([7, 7]);
      await run({});
      expect(store.pruned).toHaveLength(2);
      clock.set((AT_S + 3_600) * 1000);
      await run({});
      expect(store.pruned).toHaveLength(3);
    });
  });

  describe('deleted', () => {
    let marked: [string, readonly string[]][];
    let job: DeletedJob;
    let time: VirtualTime;
    beforeEach(() => {
      marked = [];
      const known = new Set<string>();
      const deletions: DeletionStore = {
        mark: async (entity, ids) => {
          const fresh = ids.filter((id) => !known.has(`${entity}/${id}`));
          for (const id of fresh) known.add(`${entity}/${id}`);
          marked.push([entity, ids]);
          return fresh;
        },
      };
      time = new VirtualTime();
      const reader = new PageReader(lists, new VirtualScheduler(time), clock, metrics);
      job = new DeletedJob(reader, deletions, fixtures, lookups, clock);
    });
    const run = async (said: Said) => {
      lists.say = () => said;
      const given = jobRun();
      const running = job.run(given);
      for (let n = 0; n < 60; n++) await time.advance(10_000);
      return { end: await running, counts: given.counts };
    };

    it('marks ids by kind, and counts those that were not marked before', async () => {
      const said = groups({ team: ['a', { id: 'b' }], matches: ['m1'] });
      expect(await run(said)).toMatchObject({ end: { verdict: 'complete' }, counts: { seen: 3, deleted: 3 } });
      expect(marked).toEqual([
        ['team', ['a', 'b']],
        ['match', ['m1']],
      ]);
      expect((await run(said)).counts.deleted).toBe(0);
    });

    it('asks about a match that is being played, once', async () => {
      fixtures.playing.add('m1');
      await run(groups({ match: ['m1', 'm2'] }));
      await run(groups({ match: ['m1', 'm2'] }));
      expect(asked).toEqual(['m1']);
    });

    it('marks thousands in parts', async () => {
      await run(groups({ player: Array.from({ length: 2_500 }, (_, n) => `p${n}`) }));
      expect(marked.map(([, ids]) => ids.length)).toEqual([1_000, 1_000, 500]);
    });

    it.each<[string, Said, string]>([
      ['nothing deleted', {}, 'complete'],
      ['no results', { items: null }, 'failed'],
      ['a list', { items: [{ id: 'a' }] }, 'failed'],
      ['an error', REFUSED, 'failed'],
    ])('%s makes the run %s, and marks nothing', async (_, said, verdict) => {
      expect((await run(said)).end.verdict).toBe(verdict);
      expect(marked).toEqual([]);
    });

    it('kinds that are none of ours are counted and said', async () => {
      const { end, counts } = await run(groups({ odds: ['a'], team: ['b', 7] }));
      expect(end).toEqual({ verdict: 'complete', error: '1 ids of unknown kinds were left out' });
      expect(counts).toMatchObject({ seen: 3, refused: 2, deleted: 1 });
    });
  });
});
