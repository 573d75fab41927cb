import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { MatchUpdate } from '../domain/match-update.js';
import { pause, until, within } from '../kernel/deadline.js';
import { guardedCall } from '../kernel/guarded-call.js';
import type { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import type { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { toLegacyItems } from './legacy-items.js';
import { LegacyPath, type LegacyPathSettings } from './ports/legacy-path.js';
import type { LegacyScorePath } from './ports/legacy-score-path.js';

const MAX_WAITING = 10_000;
const TURN_MS = 2;
const LOOK_EVERY_MS = 5;

/**
 * Updates on their way into the host's write queue, oldest first: in turns of their own, never in the one that took them from
 * the feed, at most 2 ms each. What the legacy path throws is logged and costs its own update only. At most 10,000
 * wait; the oldest gives way.
 */
export class LegacyOutbox extends LegacyPath implements OnApplicationShutdown {
  override readonly binding = 'queue';
  private readonly logger = new Logger('LegacyPath');
  private readonly failures = new SampledWarning(this.logger, 'The legacy path threw');
  private readonly overflow = new SampledWarning(this.logger, 'Updates for the legacy path dropped: too many wait');
  private waiting: MatchUpdate[] = [];
  /** how many of them are through: shifting an array of thousands costs */
  private told = 0;
  /** how many were through when `waiting` was begun */
  private toldBefore = 0;
  private readonly timer: Timer;
  private flushing: Promise<boolean> | null = null;

  constructor(
    private readonly options: LegacyPathSettings,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    private readonly legacy: LegacyScorePath,
  ) {
    super();
    this.timer = new Timer(scheduler);
  }

  override add(update: MatchUpdate): void {
    this.waiting.push(update);
    if (this.waiting.length - this.told > MAX_WAITING) {
      this.told++;
      this.metrics.legacyDropped.inc({ reason: 'overflow' });
      this.overflow.warn({ limit: MAX_WAITING });
    }
    if (!this.timer.isSet) this.timer.set(0, () => this.turn());
  }

  /** A queue takes no frames. */
  override arrived(): void {}

  /** Calls of one turn share one flush. */
  override written(): Promise<boolean> {
    this.flushing ??= pause(0, this.scheduler).then(() => {
      this.flushing = null;
      return this.flush();
    });
    return this.flushing;
  }

  override tellAll(): void {
    this.timer.clear();
    while (this.told < this.waiting.length) this.tellNext();
    this.clear();
  }

  onApplicationShutdown(): void {
    this.tellAll();
  }

  private turn(): void {
    const untilMs = this.scheduler.monotonicMs() + TURN_MS;
    do this.tellNext();
    while (this.told < this.waiting.length && this.scheduler.monotonicMs() < untilMs);
    if (this.told === this.waiting.length) this.clear();
    else this.timer.set(0, () => this.turn());
  }

  private clear(): void {
    this.toldBefore += this.told;
    this.waiting = [];
    this.told = 0;
  }

  private tellNext(): void {
    const update = this.waiting[this.told++];
    if (!update) return;
    const { matchId } = update;
    const failed = (error: unknown) => {
      this.metrics.legacyDropped.inc({ reason: 'error' });
      this.failures.warn({ matchId, error: String(error) });
    };
    for (const item of toLegacyItems(update, this.options.legacyItems)) {
      guardedCall(() => this.legacy.enqueue(matchId, item), failed);
    }
  }

  /** A flush that is running may have begun before ours was queued: only one that we started says anything. */
  private async flush(): Promise<boolean> {
    const { legacy, scheduler } = this;
    const untilMs = scheduler.monotonicMs() + this.options.moveTimeoutMs;
    const goal = this.toldBefore + this.waiting.length;
    try {
      const isTold = () => this.toldBefore + this.told >= goal && !legacy.getStats().isFlushing;
      const looks = { everyMs: LOOK_EVERY_MS, waitMs: this.options.moveTimeoutMs };
      if (!(await until(isTold, looks, scheduler))) return false;
      const flushed = legacy.flush().then(() => true);
      return (await within(flushed, untilMs - scheduler.monotonicMs(), scheduler)) ?? false;
    } catch (error) {
      this.failures.warn({ error: String(error) });
      return false;
    }
  }
}
