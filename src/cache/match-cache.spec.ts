import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CacheModule } from '@nestjs/cache-manager';
import type { TestingModule } from '@nestjs/testing';
import { Test } from '@nestjs/testing';
import { MemoryStore } from '../../test/cache/memory-store.js';
import { SAMPLE_NOW_MS, scoreCommitted, slots } from '../../test/support/committed-changes.js';
import { eventually } from '../../test/support/eventually.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { MatchCacheModule } from './cache.module.js';
import type { MatchCacheOptions } from './cache.options.js';
import { CachedReads } from './cached-reads.service.js';
import { CommittedMatchCache } from './committed-match-cache.service.js';

guardAgainstLeaks();

const ID = 'l7oqdehg6ko3r51';
const MATCH = `livescore:match:${ID}`;
const VIEW = `livescore:view:${ID}`;
const FEED = `thesports:ws:score:${ID}`;
const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };

let module: TestingModule | undefined;

async function start(
  options: MatchCacheOptions | undefined,
  imports: Parameters<typeof Test.createTestingModule>[0]['imports'] = [],
) {
  module = await Test.createTestingModule({ imports: [...imports, MatchCacheModule.forRoot(options)] })
    .setLogger(quiet)
    .compile();
  await module.init();
  if (options?.cache instanceof MemoryStore) options.cache.calls.length = 0;
  const errors = async () => (await module?.get(LiveScoreMetrics).cacheErrors.get())?.values[0]?.value;
  return { commits: module.get(CommittedMatchCache), reads: module.get(CachedReads), errors };
}

afterEach(async () => {
  await module?.close();
  module = undefined;
});

const commit = (version: number, homeGoals: number) => scoreCommitted({ version, home: slots(homeGoals) });

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('after a commit', () => {
  it('writes the newest state of each match through and deletes lists, views and the keys of the host', async () => {
    const store = new MemoryStore();
    store.values.set('live:matches', ['old']).set(VIEW, { version: 11 }).set('mine:8', 1).set('diary:20260117:all', 1);
    const { commits } = await start({ cache: store, extraKeys: ({ kind }) => (kind === 'score' ? ['mine:8'] : []) });
    await commits.afterCommit([commit(12, 1), commit(13, 2)]);
    expect(Object.fromEntries(store.values)).toEqual({
      [MATCH]: {
        matchId: ID,
        epoch: 1,
        version: 13,
        statusId: 4,
        homeScore: 2,
        awayScore: 1,
        home: slots(2),
        away: slots(1),
        minute: 67,
        minuteText: "67'",
        clock: {
          period: 'second-half',
          startedAt: 1_768_664_000,
          baseSeconds: 2_700,
          normalSeconds: 2_700,
          addedAnnouncedMinutes: null,
          running: true,
          estimated: false,
        },
        source: 'mqtt',
        committedAt: SAMPLE_NOW_MS - 1,
      },
      [FEED]: {
        id: ID,
        score: [ID, 4, slots(2), slots(1), 1_768_664_000, ''],
        epoch: 1,
        version: 13,
        timestamp: SAMPLE_NOW_MS - 1,
      },
      'diary:20260117:all': 1,
    });
    expect(Object.fromEntries(store.ttls)).toEqual({ [MATCH]: 60_000, [FEED]: 60_000 });
    expect(store.calls.filter((call) => call === `set ${MATCH}`)).toHaveLength(1);
  });

  it('survives an extraKeys function that throws', async () => {
    const store = new MemoryStore();
    const { commits } = await start({
      cache: store,
      legacyScoreKey: false,
      extraKeys: () => {
        throw new Error('host bug');
      },
    });
    await commits.afterCommit([commit(12, 1)]);
    expect([...store.values.keys()]).toEqual([MATCH]);
  });

  it('touches only extra keys for incidents', async () => {
    const store = new MemoryStore();
    const { commits } = await start({ cache: store, extraKeys: ({ matchId }) => [`incidents:${matchId}`] });
    const times = { receivedAtMs: 1, committedAtMs: 2 };
    await commits.afterCommit([{ kind: 'incidents', matchId: ID, fresh: [], corrected: [], ...times }]);
    expect(store.calls).toEqual([`del incidents:${ID}`]);
  });

  it('finds the global cache of the host, and works without any', async () => {
    const withHost = await start(undefined, [CacheModule.register({ isGlobal: true })]);
    await withHost.commits.afterCommit([commit(12, 1)]);
    const load = jest.fn(async () => ['live']);
    await withHost.reads.liveMatches(load);
    await eventually(async () => (await withHost.reads.liveMatches(load)) && load.mock.calls.length === 1, {
      what: 'the cached list',
    });
    await module?.close();
    const without = await start(undefined);
    expect(without.commits.afterCommit([commit(12, 1)])).toBeUndefined();
    expect(await without.reads.liveMatches(async () => ['fresh'])).toEqual(['fresh']);
  });
});

describe('reads', () => {
  it('load once for a crowd and answer from the cache afterwards', async () => {
    const store = new MemoryStore();
    const { reads } = await start({ cache: store });
    const list = jest.fn(async () => ['a']);
    const view = jest.fn(async () => ({ version: 3, name: 'A - B' }));
    await Promise.all(Array.from({ length: 50 }, () => Promise.all([reads.liveMatches(list), reads.match(ID, view)])));
    await eventually(() => store.values.has(VIEW) && store.values.has('live:matches'), { what: 'both stored' });
    expect(await reads.match(ID, view)).toEqual({ version: 3, name: 'A - B' });
    await reads.liveMatches(list);
    expect([list.mock.calls.length, view.mock.calls.length]).toEqual([1, 1]);
    expect(Object.fromEntries(store.ttls)).toEqual({ 'live:matches': 3_000, [VIEW]: 60_000 });
  });

  it('that began before a commit are not cached after it (B18)', async () => {
    const store = new MemoryStore();
    const { commits, reads } = await start({ cache: store });
    const database = gate();
    const slowList = reads.liveMatches(async () => {
      await database.opened;
      return ['1-1'];
    });
    const slowView = reads.match(ID, async () => {
      await database.opened;
      return { version: 11 };
    });
    await eventually(() => store.calls.length === 2, { what: 'both loads to begin' });
    await commits.afterCommit([commit(12, 2)]);
    expect(await reads.liveMatches(async () => ['2-1'])).toEqual(['2-1']);
    database.open();
    expect(await slowList).toEqual(['1-1']);
    await slowView;
    await eventually(() => store.values.has('live:matches'), { what: 'the new list' });
    expect(store.values.get('live:matches')).toEqual(['2-1']);
    expect(store.values.has(VIEW)).toBe(false);
  });

  it('being stored while a commit comes are deleted again before the commit is announced', async () => {
    const store = new MemoryStore();
    const { commits, reads } = await start({ cache: store });
    const slowSet = gate();
    store.before = (call) => (call === 'set' ? slowSet.opened : Promise.resolve());
    await reads.liveMatches(async () => ['1-1']);
    await eventually(() => store.calls.includes('set live:matches'), { what: 'the store to begin' });
    const round = commits.afterCommit([commit(12, 2)]);
    expect(store.calls).not.toContain('del live:matches');
    slowSet.open();
    await round;
    expect(store.values.has('live:matches')).toBe(false);
  });

  it('never take or keep an older version of a match than was committed', async () => {
    const store = new MemoryStore();
    const { commits, reads } = await start({ cache: store });
    await commits.afterCommit([commit(12, 2)]);
    // another process puts an old view back
    store.values.set(VIEW, { version: 11, from: 'elsewhere' });
    expect(await reads.match(ID, async () => ({ version: 11, from: 'replica' }))).toMatchObject({ from: 'replica' });
    expect(store.calls).not.toContain(`set ${VIEW}`);
    await reads.match(ID, async () => ({ version: 12, from: 'database' }));
    await eventually(() => store.calls.includes(`set ${VIEW}`), { what: 'the current view' });
    expect(store.values.get(VIEW)).toMatchObject({ from: 'database' });
    // a restored row begins a new epoch at a lower version
    await commits.afterCommit([scoreCommitted({ epoch: 2, version: 1 })]);
    store.values.set(VIEW, { epoch: 1, version: 12 });
    expect(await reads.match(ID, async () => ({ epoch: 2, version: 1 }))).toEqual({ epoch: 2, version: 1 });
  });

  it('invalidate at each of two commits in quick succession', async () => {
    const store = new MemoryStore();
    const { commits, reads } = await start({ cache: store });
    for (const version of [12, 13]) {
      await commits.afterCommit([commit(version, version)]);
      expect(await reads.liveMatches(async () => [version])).toEqual([version]);
      await eventually(() => store.values.has('live:matches'), { what: 'the list' });
    }
  });

  it('do not cache a match that does not exist, and pass errors of the loader on', async () => {
    const store = new MemoryStore();
    const { reads } = await start({ cache: store });
    expect(await reads.match(ID, async () => null)).toBeNull();
    await expect(reads.match(ID, () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(store.calls.some((call) => call.startsWith('set'))).toBe(false);
  });
});

describe.each(['hangs', 'fails'] as const)('while the cache %s', (how) => {
  it('a commit waits at most once, then not at all, and what could not be deleted is not read until it is', async () => {
    const store = new MemoryStore();
    const { commits, reads, errors } = await start({ cache: store, timeoutMs: 50, retryAfterMs: 200 });
    await reads.liveMatches(async () => ['1-1']);
    await eventually(() => store.values.has('live:matches'), { what: 'the old list' });
    if (how === 'hangs') store.hang();
    else store.fail();
    await commits.afterCommit([commit(12, 2)]);
    expect(await errors()).toBe(1);
    const calls = store.calls.length;
    expect(commits.afterCommit([commit(13, 3)])).toBeUndefined();
    expect(store.calls).toHaveLength(calls);
    expect(await errors()).toBe(2);
    store.heal();
    // the breaker may still be open, or the probe of this very read may bring the cache back: never the old list
    expect(await reads.liveMatches(async () => ['3-1'])).toEqual(['3-1']);
    await eventually(
      async () => {
        await reads.liveMatches(async () => ['3-1']);
        return JSON.stringify(store.values.get('live:matches')) === '["3-1"]';
      },
      { what: 'the new list in the healed cache' },
    );
    expect(store.calls.lastIndexOf('del live:matches')).toBeLessThan(store.calls.lastIndexOf('set live:matches'));
    expect(store.values.has(MATCH)).toBe(false);
  });
});

describe('options', () => {
  it('are checked at boot, in both forms', async () => {
    await expect(start({ matchTtlMs: 0 })).rejects.toThrow('option "matchTtlMs" must be an integer from 1 to 3600000');
    const bad = MatchCacheModule.forRootAsync({ useFactory: () => ({ cache: {} as MemoryStore }) });
    await expect(Test.createTestingModule({ imports: [bad] }).compile()).rejects.toThrow('option "cache"');
  });
});
