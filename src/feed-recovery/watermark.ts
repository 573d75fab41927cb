import { Injectable } from '@nestjs/common';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { JournalWatermark } from './ports/journal-watermark.js';

/**
 * The time up to which everything received is committed. It moves forward only, and not over a hole: what was received
 * after one does not tell what is missing in it. What another process had committed, the journal tells.
 */
@Injectable()
export class Watermark {
  private limitMs: number | null = null;
  private reachedMs: number | null = null;
  /** whose commits before that time are not known yet, our clock, unix ms; null when they are, or are asked for */
  private unknownBeforeMs: number | null;

  constructor(
    clock: Clock,
    private readonly accounting: Accounting,
    private readonly journal: JournalWatermark,
  ) {
    this.unknownBeforeMs = clock.nowMs();
  }

  /** our clock, unix ms; null when nothing is known */
  get atMs(): number | null {
    if (this.limitMs === null) return null;
    const { oldestAtMs } = this.accounting.inFlight();
    const committedMs = oldestAtMs === null ? this.limitMs : Math.min(this.limitMs, oldestAtMs);
    this.reachedMs = Math.max(this.reachedMs ?? committedMs, committedMs);
    return this.reachedMs;
  }

  /** Nothing received until then is missing, though some may be in flight. Times before an earlier one change nothing. */
  withoutHoleUntil(atMs: number): void {
    this.limitMs = Math.max(this.limitMs ?? atMs, atMs);
  }

  /** Another process wrote until then. */
  wroteElsewhere(beforeMs: number): void {
    this.unknownBeforeMs = beforeMs;
  }

  /** Asks the journal, if anything is unknown; what it does not answer is asked again by the next call. */
  restore(): void {
    const beforeMs = this.unknownBeforeMs;
    if (beforeMs === null) return;
    this.unknownBeforeMs = null;
    this.journal.newestReceivedAtMs(beforeMs).then(
      (atMs) => atMs !== null && this.withoutHoleUntil(atMs),
      () => {
        this.unknownBeforeMs ??= beforeMs;
      },
    );
  }
}
