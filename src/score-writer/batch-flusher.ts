import { Injectable, Logger, Optional } from '@nestjs/common';
import { CommittedChanges } from '../contracts/committed-changes.js';
import { WriteFence } from '../contracts/write-fence.js';
import { ForeignWriters, NOBODY_LOOKS } from '../foreign-writers/ports/foreign-writers.js';
import { Backoff } from '../kernel/backoff.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { classify, maySpareOtherRows, neverReached } from '../postgres/sql-state.js';
import { type Commit, toFact } from './commit.js';
import { CommitReports } from './commit-reports.js';
import { FloodPace } from './flood-pace.js';
import type { Mailbox } from './mailbox.js';
import { OutageReport } from './outage-report.js';
import { ScoreStore } from './ports/score-store.js';
import { RestingRows } from './resting-rows.js';
import { RowTrial } from './row-trial.js';
import { type ApartWork, RowsApart } from './rows-apart.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

/** Misses of a locked row in a row from which on the lease is looked at: a fenced statement is refused alike. */
const DOUBTED_TIMES = 3;

/**
 * Smart batching: idle → write at once; while a statement is in flight, changes collect and go with the next one.
 * One statement in flight. A transient failure folds the batch back and pauses; a permanent failure of a batch is
 * narrowed down by writing its rows one by one. So is one that comes twice and may be the fault of a row ({@link RowTrial}):
 * rows that fail while others are written go apart ({@link RowsApart}), one statement each beside the batches. When the lease is lost nothing of what waits is written; a statement under way
 * is answered all the same.
 */
@Injectable()
export class BatchFlusher {
  private readonly outage = new OutageReport(new Logger(BatchFlusher.name));
  private readonly backoff: Backoff;
  /** mailboxes with a pending change and none in flight, oldest first */
  private readonly dirty = new Set<Mailbox>();
  /** rows of a batch that failed for good as a whole: written alone */
  private readonly suspects = new Set<Mailbox>();
  private readonly trial = new RowTrial();
  private readonly apart: RowsApart;
  private readonly resting: RestingRows;
  private readonly pace: FloodPace;
  private busy = false;
  private stopped = false;

  constructor(
    private readonly store: ScoreStore,
    private readonly options: ResolvedScoreWriterOptions,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly right: WriteFence,
    private readonly changes: CommittedChanges,
    private readonly reports: CommitReports,
    @Optional() private readonly foreignWriters: ForeignWriters = NOBODY_LOOKS,
  ) {
    this.backoff = new Backoff(scheduler, { firstMs: 50, maxMs: 500 });
    const beside: ApartWork = {
      mayWrite: () => right.granted,
      write: (write) => store.writeApart(write, right.fence, foreignWriters.protectMs),
      committed: (row) => this.publish([row.committed()]),
      failed: (error) => reports.failed(error),
      flush: () => this.flush(),
    };
    this.apart = new RowsApart(beside, clock, scheduler);
    this.pace = new FloodPace(scheduler);
    this.resting = new RestingRows(scheduler, (mailbox) => {
      this.dirty.add(mailbox);
      this.flush();
    });
    right.lost$.subscribe(() => this.forget());
  }

  /** Is the database refusing or not answering? */
  get failing(): boolean {
    return this.backoff.attempts > 0;
  }

  /** The mailbox has a pending change and none in flight. Takes effect with the next `flush`. */
  add(mailbox: Mailbox): void {
    if (this.resting.has(mailbox)) return;
    if (this.apart.has(mailbox)) this.apart.wanted(mailbox);
    else this.dirty.add(mailbox);
  }

  /** The row is locked by somebody else: tried again a little later, alone in its delay. @param times in a row, this one included */
  rest(mailbox: Mailbox, times: number): void {
    if (this.stopped) return;
    if (this.apart.has(mailbox)) {
      this.apart.wanted(mailbox);
      return;
    }
    this.resting.rest(mailbox, times);
    if (times >= DOUBTED_TIMES) this.right.doubt();
  }

  /** Nothing of what waits for this match is written. */
  drop(mailbox: Mailbox): void {
    this.dirty.delete(mailbox);
    this.suspects.delete(mailbox);
    this.trial.drop(mailbox);
    this.apart.drop(mailbox);
    this.resting.drop(mailbox);
  }

  /** Starts the next statement unless one is in flight. */
  flush(): void {
    if (this.busy) this.pace.offer();
    if (this.busy || this.stopped || this.dirty.size === 0 || !this.right.granted) return;
    this.busy = true;
    const batch = this.takeBatch();
    this.pace.sent(this.dirty.size);
    const atS = Math.floor(this.clock.nowMs() / 1000);
    const writes = batch.map((mailbox) => mailbox.send(atS));
    this.store.write(writes, this.right.fence, this.foreignWriters.protectMs).then(
      (written) => this.finish(batch, written),
      (error: unknown) => this.fail(batch, error),
    );
    for (const mailbox of batch) mailbox.statementSent();
  }

  /** Tells the world of commits: listeners first, then whoever waits for the update, then metrics and log. */
  publish(commits: readonly Commit[]): void {
    if (commits.length === 0) return;
    const committedAtMs = this.clock.nowMs();
    const facts = commits.map((commit) => toFact(commit, committedAtMs));
    this.changes.publish(facts);
    this.reports.committed(commits, facts);
  }

  stop(): void {
    this.stopped = true;
    this.backoff.stop();
    this.pace.stop();
    this.apart.clear();
    this.resting.clear();
  }

  private forget(): void {
    this.dirty.clear();
    this.suspects.clear();
    this.trial.reset();
    this.apart.clear();
    this.resting.clear();
    this.backoff.reset();
  }

  /** Sorted by match id, so that concurrent writers lock rows in one order. */
  private takeBatch(): Mailbox[] {
    const [first] = this.suspects;
    const suspect = this.trial.next(this.dirty) ?? first;
    const batch: Mailbox[] = [];
    if (suspect && this.dirty.has(suspect)) batch.push(suspect);
    else for (const mailbox of this.dirty) if (batch.push(mailbox) >= this.options.batchSize) break;
    for (const mailbox of batch) {
      this.dirty.delete(mailbox);
      this.suspects.delete(mailbox);
    }
    return batch.length > 1 ? batch.sort((a, b) => (a.matchId < b.matchId ? -1 : 1)) : batch;
  }

  private finish(batch: readonly Mailbox[], written: ReadonlySet<number>): void {
    this.answered();
    this.trial.answered();
    const committed = written.size === batch.length ? batch : batch.filter((_, n) => written.has(n));
    this.publish(committed.map((mailbox) => mailbox.committed()));
    if (committed.length < batch.length) {
      for (const [n, mailbox] of batch.entries()) if (!written.has(n)) mailbox.missed();
    }
    this.pace.answered(this.dirty.size, () => this.goOn());
  }

  private goOn(): void {
    if (this.trial.isRunning && this.trial.isOver) this.blame();
    this.busy = false;
    this.flush();
  }

  /** The database is there, whatever it says. */
  private answered(): void {
    this.backoff.reset();
    this.outage.recovered();
  }

  private fail(batch: readonly Mailbox[], error: unknown): void {
    this.reports.failed(error);
    if (classify(error) === 'permanent') {
      this.narrow(batch, error);
      return;
    }
    const isAlone = this.trial.isRunning;
    this.putBack(batch, error);
    if (!maySpareOtherRows(error)) {
      this.trial.reset();
      this.pause(error);
    } else if (isAlone) this.failedAlone(batch, error);
    else {
      this.trial.batchFailed();
      if (this.trial.isDue && this.dirty.size > 1) this.tryRows(batch);
      else this.pause(error);
    }
  }

  private putBack(batch: readonly Mailbox[], error: unknown): void {
    for (const mailbox of batch) {
      if (classify(error) === 'transient' && !neverReached(error)) mailbox.answerLost();
      else mailbox.failed();
    }
  }

  private tryRows(batch: readonly Mailbox[]): void {
    const others = [...this.dirty].slice(0, this.options.batchSize);
    this.trial.begin([...batch, ...others], this.scheduler.monotonicMs());
    this.goOn();
  }

  private failedAlone([row]: readonly Mailbox[], error: unknown): void {
    if (row) this.trial.failed(row, error, this.scheduler.monotonicMs());
    if (!this.trial.isOver || this.blame()) this.goOn();
    else this.pause(error);
  }

  /** @returns false when it is the database */
  private blame(): boolean {
    const rows = this.trial.end();
    for (const [row, error] of rows ?? []) if (this.dirty.delete(row)) this.apart.failed(row, error);
    return rows !== null;
  }

  private narrow(batch: readonly Mailbox[], error: unknown): void {
    this.answered();
    const [only] = batch;
    if (only && batch.length === 1) only.dead(error);
    else {
      for (const mailbox of batch) {
        mailbox.failed();
        if (this.dirty.has(mailbox)) this.suspects.add(mailbox);
      }
    }
    this.goOn();
  }

  private pause(error: unknown): void {
    this.outage.failed(error);
    this.backoff.wait(() => {
      // nothing left to fail: the lease was lost
      if (this.dirty.size === 0) this.backoff.reset();
      this.goOn();
    });
  }
}
