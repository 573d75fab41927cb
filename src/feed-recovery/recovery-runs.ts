import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { LiveScoreError } from '../kernel/livescore.errors.js';
import { ResolvedFeedRecoveryOptions } from './feed-recovery.options.js';
import { FeedReport, type RecoveryEnd, type RecoveryResult } from './feed-report.js';
import type { FeedEvent, FeedRules, Recovery } from './feed-state.js';
import { type Recovered, type RecoveryKind, SnapshotRecovery } from './snapshot-recovery.js';
import { Watermark } from './watermark.js';

export type RunningRecovery = Extract<Recovery, { phase: 'running' }>;

/** Runs the recoveries that the feed's state asks for, one at a time, and knows how the last one went. */
@Injectable()
export class RecoveryRuns {
  private running: AbortController | null = null;
  private completeAtMs: number | null = null;
  private error: string | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly recovery: SnapshotRecovery,
    private readonly report: FeedReport,
    private readonly watermark: Watermark,
    private readonly options: ResolvedFeedRecoveryOptions,
  ) {}

  /** When a recovery may start. */
  get rules(): FeedRules {
    const { minIntervalMs } = this.options;
    const { enabled, settlingMs } = this.recovery;
    return { recoverable: enabled, minIntervalMs, silenceIntervalMs: Math.max(minIntervalMs, settlingMs) };
  }

  /** our clock, unix ms: the end of the last complete one; null before the first */
  get lastAtMs(): number | null {
    return this.completeAtMs;
  }

  /** why the last request failed: a code or a class, no words; null when it did not */
  get lastError(): string | null {
    return this.error;
  }

  /** @param tell what the feed's state depends on; nothing after an interruption */
  start(run: RunningRecovery, kind: RecoveryKind, tell: (event: FeedEvent) => void): void {
    const abort = new AbortController();
    this.running = abort;
    const refused = (error: unknown): void => {
      this.error = codeOf(error);
      this.report.refused(run.trigger, wordsOf(error));
      tell({ kind: 'refused', atMs: this.clock.nowMs() });
    };
    this.recovery.run(kind, refused, abort.signal).then(
      (recovered) => {
        if (this.running === abort) tell(this.complete(run, recovered));
      },
      (error: unknown) => {
        if (this.running === abort) tell(this.failed(run, error));
      },
    );
  }

  /** Another hole came up; a run that has ended is left as it is. */
  interrupt(run: RunningRecovery): void {
    if (!this.running) return;
    this.running.abort();
    this.ended(run, 'interrupted');
  }

  /** Ends the one that is running, and says nothing of it. */
  stop(): void {
    this.running?.abort();
    this.running = null;
  }

  private complete(run: RunningRecovery, { untilMs, changes }: Recovered): FeedEvent {
    const atMs = this.clock.nowMs();
    this.error = null;
    this.completeAtMs = atMs;
    this.watermark.withoutHoleUntil(untilMs);
    this.ended(run, 'complete', { changes });
    return { kind: 'recovered', missed: changes > 0, atMs };
  }

  private failed(run: RunningRecovery, error: unknown): FeedEvent {
    this.error = codeOf(error);
    this.ended(run, 'failed', { error: wordsOf(error) });
    return { kind: 'failed', atMs: this.clock.nowMs() };
  }

  private ended({ trigger, startedAtMs }: RunningRecovery, result: RecoveryResult, facts: RecoveryEnd = {}): void {
    this.running = null;
    this.report.recovery(trigger, result, startedAtMs, facts);
  }
}

/** For everybody: the words of our own errors may repeat those of the provider. */
function codeOf(error: unknown): string {
  if (error instanceof LiveScoreError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

/** For the log, which takes hosts and secrets out of them; what others say stays out. */
function wordsOf(error: unknown): string {
  return error instanceof LiveScoreError ? `${error.code}: ${error.message}` : codeOf(error);
}
