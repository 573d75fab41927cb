import { Logger } from '@nestjs/common';
import type { Clock } from '../kernel/clock.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import type { Cancel, Scheduler } from '../kernel/scheduler.js';
import { classify, neverReached, sqlState } from '../postgres/sql-state.js';
import type { Mailbox } from './mailbox.js';
import type { ScoreWrite } from './ports/score-store.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** For what a row lock, or a change that was judged again, left to be written. */
const SHORT_PAUSE_MS = 100;

/** What the flusher does for rows apart. */
export interface ApartWork {
  /** beside the batches. @returns whether it was committed */
  write(write: ScoreWrite): Promise<boolean>;
  mayWrite(): boolean;
  committed(row: Mailbox): void;
  failed(error: unknown): void;
  /** other rows may have something to write now */
  flush(): void;
}

/**
 * Rows that fail while all others are written: each is tried again by itself, beside the batches, after 1 to 30 s. One that
 * is written goes with the others again.
 */
export class RowsApart {
  private readonly failures = new Map<Mailbox, number>();
  private readonly waiting = new Map<Mailbox, Cancel>();
  private readonly warning = new SampledWarning(
    new Logger('DirectWrite'),
    'A row cannot be written, the others can: it is tried again apart. Look at the triggers of ts_matches',
    10_000,
  );

  constructor(
    private readonly work: ApartWork,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  has(row: Mailbox): boolean {
    return this.failures.has(row);
  }

  /** It failed alone, for the first time or again. */
  failed(row: Mailbox, error: unknown): void {
    const times = (this.failures.get(row) ?? 0) + 1;
    this.failures.set(row, times);
    this.warning.warn({ matchId: row.matchId, code: sqlState(error), error: String(error), times });
    this.wait(row, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (times - 1)));
  }

  /** It has something to write again. */
  wanted(row: Mailbox): void {
    if (!this.waiting.has(row)) this.wait(row, SHORT_PAUSE_MS);
  }

  /** It was written, or is not ours any more. */
  drop(row: Mailbox): void {
    this.failures.delete(row);
    this.waiting.get(row)?.();
    this.waiting.delete(row);
  }

  clear(): void {
    for (const row of [...this.failures.keys()]) this.drop(row);
  }

  private wait(row: Mailbox, pauseMs: number): void {
    const wake = (): void => {
      this.waiting.delete(row);
      this.write(row);
    };
    this.waiting.set(row, this.scheduler.after(pauseMs, wake));
  }

  private write(row: Mailbox): void {
    const { pending, inFlight } = row.contents;
    if (!this.work.mayWrite() || !pending || inFlight) return;
    const write = row.send(Math.floor(this.clock.nowMs() / 1000));
    this.work.write(write).then(
      (isWritten) => this.answered(row, isWritten),
      (error: unknown) => this.refused(row, error),
    );
    row.statementSent();
  }

  private answered(row: Mailbox, isWritten: boolean): void {
    if (isWritten) {
      this.drop(row);
      this.work.committed(row);
    } else row.missed();
    this.work.flush();
  }

  private refused(row: Mailbox, error: unknown): void {
    this.work.failed(error);
    if (classify(error) === 'permanent') {
      this.drop(row);
      row.dead(error);
    } else {
      if (this.has(row)) this.failed(row, error);
      if (classify(error) === 'transient' && !neverReached(error)) row.answerLost();
      else row.failed();
    }
    this.work.flush();
  }
}
