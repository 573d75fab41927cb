import type { Mailbox } from './mailbox.js';

/** Failures of a batch in a row before its rows are tried one by one. */
const FIRST_AFTER = 2;
/** The same after many trials in which every row failed: then it is the database, and its rows need not be tried each time. */
const AT_LEAST_AFTER = 64;
/** Rows that hang take their time: so long without one that is written, and it is the database. */
const LONGEST_IN_VAIN_MS = 25_000;

/**
 * A trial finds the rows that make a batch fail: a trigger of the host that fails or hangs on them, say. Each row is written
 * alone; those that fail while others are written are to blame. Only if every row fails it is the database.
 *
 * States: none –`isDue`, `begin`→ running –the last row is written or has failed, or 25 s in vain→ none.
 */
export class RowTrial {
  private failures = 0;
  private dueAfter = FIRST_AFTER;
  private readonly untried = new Set<Mailbox>();
  private readonly failedAlone = new Map<Mailbox, unknown>();
  private running = false;
  private isProven = false;
  private sinceMs = 0;

  get isRunning(): boolean {
    return this.running;
  }

  /** A batch failed in a way that one of its rows may be to blame for. */
  batchFailed(): void {
    this.failures++;
  }

  get isDue(): boolean {
    return this.failures >= this.dueAfter;
  }

  begin(rows: Iterable<Mailbox>, nowMs: number): void {
    this.running = true;
    this.isProven = false;
    this.sinceMs = nowMs;
    this.failedAlone.clear();
    for (const row of rows) this.untried.add(row);
  }

  /** @returns the next of these that is to be written alone; null when there is none */
  next(dirty: ReadonlySet<Mailbox>): Mailbox | null {
    for (const row of this.untried) {
      this.untried.delete(row);
      if (dirty.has(row)) return row;
    }
    return null;
  }

  /** The database wrote a row, or said that it is locked. */
  answered(): void {
    this.failures = 0;
    this.dueAfter = FIRST_AFTER;
    this.isProven = true;
  }

  failed(row: Mailbox, error: unknown, nowMs: number): void {
    this.failedAlone.set(row, error);
    if (!this.isProven && nowMs - this.sinceMs >= LONGEST_IN_VAIN_MS) this.untried.clear();
  }

  get isOver(): boolean {
    return this.untried.size === 0;
  }

  /** @returns the rows to blame, each with how it failed; null when all failed: it is the database */
  end(): ReadonlyMap<Mailbox, unknown> | null {
    const blamed = new Map(this.failedAlone);
    const isProven = this.isProven || blamed.size === 0;
    if (!isProven) this.dueAfter = Math.min(AT_LEAST_AFTER, this.failures * 2);
    this.reset();
    return isProven ? blamed : null;
  }

  drop(row: Mailbox): void {
    this.untried.delete(row);
    this.failedAlone.delete(row);
  }

  /** The trial is off: the connection broke, or nothing waits any more. */
  reset(): void {
    this.running = false;
    this.untried.clear();
    this.failedAlone.clear();
  }
}
