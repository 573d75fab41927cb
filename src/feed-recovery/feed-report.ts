import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { EventLog } from '../kernel/event-log.js';
import { isoTime } from '../kernel/iso-time.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { LogSampler } from '../kernel/log-sampler.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import type { FeedState, RecoveryTrigger } from './feed-state.js';
import type { FeedStateChanged } from './feed-state-changed.js';

/** A feed that comes and goes does not choose how much is logged. */
const LINES_PER_MINUTE = 30;
const STATES: readonly FeedState[] = ['down', 'recovering', 'live', 'delayed'];
const WORRYING: ReadonlySet<FeedState> = new Set(['down', 'delayed']);

/** How a recovery ended. `interrupted`: another hole came up, another recovery follows. */
export type RecoveryResult = 'complete' | 'interrupted' | 'failed';

/** What is known of the end of a recovery. */
export interface RecoveryEnd {
  /** changes of matches that the feed had not told */
  readonly changes?: number;
  readonly error?: string;
}

/** What the feed's state and its recoveries leave in metrics and log. */
@Injectable()
export class FeedReport {
  private readonly logger = new Logger('FeedMonitor');
  private readonly lines = new LogSampler(0, LINES_PER_MINUTE, (lines) =>
    this.logger.warn('The feed changed its state more often than the log tells', { lines }),
  );
  private readonly refusals = new SampledWarning(this.logger, 'The provider gave no snapshot, trying again');

  constructor(
    private readonly clock: Clock,
    private readonly events: EventLog,
    private readonly metrics: LiveScoreMetrics,
  ) {}

  state(now: FeedState): void {
    for (const state of STATES) this.metrics.feedState.set({ state }, state === now ? 1 : 0);
  }

  changed({ from, to, reason, watermarkMs }: FeedStateChanged): void {
    this.state(to);
    this.metrics.feedTransitions.inc({ from, to, reason });
    const level = WORRYING.has(to) ? 'warn' : 'info';
    this.write(level, 'feed.state', { from, to, reason, watermark: isoTime(watermarkMs) });
  }

  refused(trigger: RecoveryTrigger, error: string): void {
    this.refusals.warn({ trigger, error });
  }

  recovery(trigger: RecoveryTrigger, result: RecoveryResult, startedAtMs: number, end: RecoveryEnd): void {
    const durationMs = Math.max(0, this.clock.nowMs() - startedAtMs);
    this.metrics.recoveries.inc({ trigger, result });
    this.metrics.recoveryDuration.observe(durationMs / 1000);
    const fields = { trigger, result, duration_ms: durationMs, ...end };
    this.write(result === 'failed' ? 'warn' : 'info', 'feed.recovery', fields);
  }

  private write(level: 'info' | 'warn', event: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.lines.admit(event, this.clock.nowMs()) === null) return;
    this.events.write(this.logger, event, { level, ...fields });
  }
}
