import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import type { IngestLease } from '../contracts/ingest-lease.js';
import type { MatchRouter } from '../contracts/match-router.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { InMemoryRetentionStore } from '../testing/index.js';
import type { PrunedBatch, RetainedKind } from './ports/retention-store.js';
import { Retention } from './retention.js';
import { type RetentionOptions, resolveRetentionOptions } from './retention.options.js';
import { TableSizes } from './table-sizes.js';

const DAY_MS = 86_400_000;

/** Batches of the journal with one row. */
class SlowStore extends InMemoryRetentionStore {
  asked: (string | null)[] = [];
  broken: RetainedKind | null = null;

  override async prune(kind: RetainedKind, days: number, after: string | null = null): Promise<PrunedBatch> {
    if (kind === this.broken)
      throw new Error('permission denied: connect ECONNREFUSED db.goalgpt.tr:5432 password=hunter2');
    if (kind !== 'journal') return super.prune(kind, days);
    this.asked.push(after);
    const all = this.rows('journal');
    const [next] = all.filter(({ atMs }) => atMs > Number(after ?? 0));
    if (!next) return { rows: {}, after: null };
    this.tables.set('livescore_journal', [next]);
    const { rows } = await super.prune('journal', days);
    const isGone = rows.livescore_journal === 1;
    this.tables.set(
      'livescore_journal',
      all.filter((row) => row !== next || !isGone),
    );
    return { rows, after: String(next.atMs) };
  }
}

describe('retention', () => {
  let time: VirtualTime;
  let store: SlowStore;
  let lease: { confirmed: boolean };
  let router: { active: boolean };
  let metrics: LiveScoreMetrics;
  let retention: Retention;

  const left = (...kinds: readonly RetainedKind[]) => kinds.map((kind) => store.rows(kind).length);
  const measured = async (metric: 'tableRows' | 'retentionDeleted' | 'retentionFailures') =>
    Object.fromEntries(
      (await metrics[metric].get()).values.map(({ labels, value }) => [Object.values(labels)[0], value]),
    );

  function start(options: RetentionOptions = {}): void {
    retention = new Retention(
      store,
      resolveRetentionOptions({ everyMs: 1_000, ...options }),
      new VirtualScheduler(time),
      new TableSizes(store, metrics),
      lease as IngestLease,
      router as MatchRouter,
    );
    retention.onApplicationBootstrap();
  }

  beforeEach(() => {
    time = new VirtualTime();
    const clock = new VirtualClock(time);
    store = new SlowStore(clock);
    metrics = new LiveScoreMetrics();
    lease = { confirmed: true };
    router = { active: true };
    const atMs = (ageDays: number) => clock.nowMs() - ageDays * DAY_MS;
    const changes = Array.from({ length: 70 }, (_, n) => ({ matchId: `m${n}`, atMs: atMs(300) + n, stays: n < 60 }));
    store.add('journal', ...changes);
    store.add('letters', { atMs: atMs(40) }, { atMs: atMs(20) });
    store.add('decisions', { atMs: atMs(100) }, { atMs: atMs(20) });
  });

  afterEach(() => retention.onModuleDestroy());

  it('deletes nothing while every match is on the legacy path', async () => {
    router.active = false;
    start();
    await time.advance(5_000);
    expect([store.asked.length, ...left('journal', 'letters')]).toEqual([0, 70, 2]);
  });

  it('deletes in bounded turns, and goes on behind what must stay', async () => {
    start();
    await time.advance(1_000);
    expect([store.asked.length, ...left('journal')]).toEqual([50, 70]);
    await time.advance(1_000);
    expect(left('journal', 'letters', 'decisions')).toEqual([60, 1, 1]);
    await time.advance(1_000);
    expect(store.asked.filter((after) => after === null)).toHaveLength(2);
    expect(await measured('retentionDeleted')).toEqual({
      livescore_journal: 10,
      livescore_dead_letter: 1,
      livescore_rollout_decision: 1,
    });
  });

  it('does so in the process that takes the feed only', async () => {
    lease.confirmed = false;
    start();
    await time.advance(5_000);
    expect([store.asked.length, ...left('letters')]).toEqual([0, 2]);
    expect(await measured('tableRows')).toEqual({});
  });

  it('shows what the tables hold while it deletes, and nothing afterwards', async () => {
    start();
    await time.advance(2_000);
    expect(await measured('tableRows')).toMatchObject({
      livescore_journal: 60,
      livescore_dead_letter: 1,
      livescore_rollout_decision: 1,
    });
    lease.confirmed = false;
    await time.advance(1_000);
    expect(await measured('tableRows')).toEqual({});
  });

  it('goes on with the next kind when one cannot be deleted, and counts it', async () => {
    store.broken = 'letters';
    start();
    await time.advance(2_000);
    expect(left('journal', 'letters', 'decisions')).toEqual([60, 2, 1]);
    expect(await measured('retentionFailures')).toEqual({ letters: 2 });
  });

  it('tells why without what an attacker could use', async () => {
    const warned: unknown[][] = [];
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (...line: unknown[]) => warned.push(line) });
    try {
      store.broken = 'letters';
      start();
      await retention.round();
    } finally {
      Logger.overrideLogger(true);
    }
    const letters = expect.stringContaining('Error: permission denied: connect ECONNREFUSED [host]');
    expect(warned.map(([, facts]) => facts)).toEqual([{ letters, suppressed: 0 }]);
    expect(inspect(warned)).not.toMatch(/goalgpt|hunter2/);
  });

  it('keeps for ever where it is told 0', async () => {
    start({ journalDays: 0, lettersDays: 0, decisionsDays: 0 });
    await time.advance(5_000);
    expect(left('journal', 'letters', 'decisions')).toEqual([70, 2, 2]);
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
    [{ syncDays: 7 }, 'syncDays'],
    [{ verdictsDays: 4_000 }, 'verdictsDays'],
    [{ journalDays: -1 }, 'journalDays'],
    [{ decisionsDays: 1.5 }, 'decisionsDays'],
    [{ everyMs: 10 }, 'everyMs'],
  ])('refuse %j', (options, option) => {
    expect(() => resolveRetentionOptions(options)).toThrow(`RetentionModule: option "${option}" must be `);
  });

  it('have defaults', () => {
    expect({ ...resolveRetentionOptions() }).toEqual({
      journalDays: 180,
      verdictsDays: 730,
      lettersDays: 30,
      decisionsDays: 90,
      syncDays: 90,
      everyMs: 600_000,
    });
  });
});
