import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { UNMEASURED } from '../../src/provider/ports/provider-clock.js';
import type { LegacyRow, ShadowStore } from '../../src/rollout/ports/shadow-store.js';
import { ShadowComparison } from '../../src/rollout/shadow/shadow-comparison.js';
import { type RolloutWatchOptions, resolveRolloutWatchOptions } from '../../src/rollout/watch/rollout-watch.options.js';
import type { ScoreStore } from '../../src/score-writer/ports/score-store.js';
import { resolveScoreWriterOptions } from '../../src/score-writer/score-writer.options.js';
import { InMemoryScoreStore, InMemoryShadowStore } from '../../src/testing/index.js';
import { type Report, toUpdate } from '../support/history.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';

const NO_ARRAYS = { homeSlots: null, awaySlots: null };

/** The comparison on virtual time, and a legacy path that a spec plays itself. */
export class ShadowUnderTest {
  readonly time = new VirtualTime();
  readonly clock = new VirtualClock(this.time);
  /** the database's, ahead of ours by `aheadMs` */
  readonly databaseClock: VirtualClock;
  readonly scores = new InMemoryScoreStore();
  readonly shadows: InMemoryShadowStore;
  readonly metrics = new LiveScoreMetrics();
  readonly comparison: ShadowComparison;

  constructor({ aheadMs = 0, ...options }: RolloutWatchOptions & { readonly aheadMs?: number } = {}) {
    this.databaseClock = new VirtualClock(this.time, this.clock.nowMs() + aheadMs);
    this.shadows = new InMemoryShadowStore(this.databaseClock);
    this.comparison = compare(this.scores, this.shadows, options, this);
    this.comparison.onApplicationBootstrap();
  }

  /** What a process that starts now would compare. */
  another(): ShadowComparison {
    const other = compare(this.scores, this.shadows, {}, this);
    other.onApplicationBootstrap();
    return other;
  }

  /** The feed says so, now. */
  feed(matchId: string, report: Omit<Report, 'atS'>, comparison = this.comparison): void {
    comparison.observe({ ...toUpdate({ atS: this.clock.nowMs() / 1000, ...report }), matchId });
  }

  /** The legacy path has written so, now. */
  legacy(matchId: string, status: number, home: number, away: number): void {
    this.shadows.legacy.set(matchId, { status, home, away, ...NO_ARRAYS } satisfies LegacyRow);
  }

  /** A match that is being played, 0-0 in both paths, with its first frame behind it. */
  async begin(matchId: string): Promise<void> {
    this.scores.insert(matchId, { status: 2 });
    this.legacy(matchId, 2, 0, 0);
    this.feed(matchId, { status: 2 });
    await this.seconds(4);
  }

  seconds(count: number): Promise<void> {
    return this.time.advance(count * 1000);
  }

  counts(matchId: string): readonly [consistent: number, inconsistent: number] {
    const tally = this.shadows.tallies.get(matchId);
    return [tally?.consistent ?? 0, tally?.inconsistent ?? 0];
  }

  /** Of each goal by its score: seconds until the legacy path had it, null while it lacks it. */
  get leads(): Readonly<Record<string, number | null>> {
    return Object.fromEntries(
      this.shadows.goals.map(({ home, away, directAtMs, legacyAtMs }) => [
        `${home}-${away}`,
        legacyAtMs === null ? null : (legacyAtMs - directAtMs) / 1000,
      ]),
    );
  }
}

function compare(
  scores: ScoreStore,
  shadows: ShadowStore,
  options: RolloutWatchOptions,
  { clock, time, metrics }: Pick<ShadowUnderTest, 'clock' | 'time' | 'metrics'>,
): ShadowComparison {
  return new ShadowComparison(
    resolveRolloutWatchOptions(options),
    resolveScoreWriterOptions(),
    scores,
    shadows,
    clock,
    new VirtualScheduler(time),
    UNMEASURED,
    metrics,
  );
}
