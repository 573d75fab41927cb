import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import type { IngestLease } from '../contracts/ingest-lease.js';
import type { MatchRouter } from '../contracts/match-router.js';
import { InMemoryRetentionStore } from '../testing/index.js';
import type { PrunedBatch } from './ports/retention-store.js';
import { Retention } from './retention.js';
import { type RetentionOptions, resolveRetentionOptions } from './retention.options.js';

const DAY_MS = 86_400_000;

/** Batches of one row. */
class SlowStore extends InMemoryRetentionStore {
  asked: number[] = [];

  override async pruneJournal(days: number, afterMs: number): Promise<PrunedBatch> {
    this.asked.push(afterMs);
    const all = this.changes;
    const [next] = all.filter(({ atMs }) => atMs > afterMs);
    if (!next) return { deleted: 0, untilMs: null };
    this.changes = [next];
    const { deleted } = await super.pruneJournal(days, afterMs);
    this.changes = all.filter((row) => row !== next || deleted === 0);
    return { deleted, untilMs: next.atMs };
  }
}

describe('retention', () => {
  let time: VirtualTime;
  let store: SlowStore;
  let lease: { confirmed: boolean };
  let router: { active: boolean };
  let retention: Retention;

  function start(options: RetentionOptions = {}): void {
    retention = new Retention(
      store,
      resolveRetentionOptions({ everyMs: 1_000, ...options }),
      new VirtualScheduler(time),
      lease as IngestLease,
      router as MatchRouter,
    );
    retention.onApplicationBootstrap();
  }

  beforeEach(() => {
    time = new VirtualTime();
    const clock = new VirtualClock(time);
    store = new SlowStore(clock);
    lease = { confirmed: true };
    router = { active: true };
    const atMs = (ageDays: number) => clock.nowMs() - ageDays * DAY_MS;
    store.changes = Array.from({ length: 70 }, (_, n) => ({ matchId: `m${n}`, atMs: atMs(300) + n, stays: n < 60 }));
    store.letters = [{ atMs: atMs(40) }, { atMs: atMs(20) }];
    store.decisions = [{ atMs: atMs(100) }, { atMs: atMs(20) }];
  });

  it('deletes nothing while every match is on the legacy path', async () => {
    router.active = false;
    start();
    await time.advance(5_000);
    expect([store.asked.length, store.changes.length, store.letters.length]).toEqual([0, 70, 2]);
    await retention.onModuleDestroy();
  });

  it('deletes in bounded turns, and goes on behind what must stay', async () => {
    start();
    await time.advance(1_000);
    expect([store.asked.length, store.changes.length]).toEqual([50, 70]);
    await time.advance(1_000);
    expect([store.changes.length, store.letters.length, store.decisions.length]).toEqual([60, 1, 1]);
    await time.advance(1_000);
    expect(store.asked.filter((afterMs) => afterMs === 0)).toHaveLength(2);
    await retention.onModuleDestroy();
  });

  it('does so in the process that takes the feed only', async () => {
    lease.confirmed = false;
    start();
    await time.advance(5_000);
    expect([store.asked.length, store.letters.length]).toEqual([0, 2]);
    await retention.onModuleDestroy();
  });

  it('keeps for ever where it is told 0', async () => {
    start({ journalDays: 0, lettersDays: 0, decisionsDays: 0 });
    await time.advance(5_000);
    expect([store.changes.length, store.letters.length, store.decisions.length]).toEqual([70, 2, 2]);
    await retention.onModuleDestroy();
  });

  it('ends with the application', async () => {
    start();
    await retention.onModuleDestroy();
    await time.advance(5_000);
    expect([store.asked.length, time.waiting]).toEqual([0, 0]);
  });
});

describe('the options of retention', () => {
  it.each([
    [{ lettersDays: 7 }, 'lettersDays'],
    [{ journalDays: -1 }, 'journalDays'],
    [{ decisionsDays: 1.5 }, 'decisionsDays'],
    [{ everyMs: 10 }, 'everyMs'],
  ])('refuse %j', (options, option) => {
    expect(() => resolveRetentionOptions(options)).toThrow(`RetentionModule: option "${option}" must be `);
  });

  it('have defaults', () => {
    expect({ ...resolveRetentionOptions() }).toEqual({
      journalDays: 180,
      lettersDays: 30,
      decisionsDays: 90,
      everyMs: 600_000,
    });
  });
});
