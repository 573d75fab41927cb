import { JournalWatermark } from '../feed-recovery/ports/journal-watermark.js';
import type { Clock } from '../kernel/clock.js';

const DAY_MS = 86_400_000;

/** One journaled update has a receipt and a commit, unix ms. */
export interface JournaledTimes {
  readonly receivedAtMs: number;
  readonly committedAtMs: number;
}

/** The watermark is the newest committed receipt, in memory, held to the same contract as PostgreSQL. */
export class InMemoryJournalWatermark extends JournalWatermark {
  /** statements fail with this error; null: they work */
  failure: Error | null = null;
  private readonly journal: JournaledTimes[] = [];

  /** @param clock the database's own */
  constructor(private readonly clock: Clock) {
    super();
  }

  add(times: JournaledTimes): void {
    this.journal.push(times);
  }

  override async newestReceivedAtMs(beforeMs: number): Promise<number | null> {
    if (this.failure) throw this.failure;
    const sinceMs = this.clock.nowMs() - DAY_MS;
    return this.journal
      .filter(({ receivedAtMs, committedAtMs }) => committedAtMs > sinceMs && receivedAtMs < beforeMs)
      .reduce<number | null>((newest, { receivedAtMs }) => Math.max(newest ?? receivedAtMs, receivedAtMs), null);
  }
}
