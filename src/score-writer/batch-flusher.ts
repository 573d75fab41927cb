import { Injectable, Logger, Optional } from '@nestjs/common';
import { CommittedChanges } from '../contracts/committed-changes.js';
import { WriteFence } from '../contracts/write-fence.js';
import { ForeignWriters, NOBODY_LOOKS } from '../foreign-writers/ports/foreign-writers.js';
import { Backoff } from '../kernel/backoff.js';
import { Clock } from '../kernel/clock.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { classify, neverReached } from '../postgres/sql-state.js';
import { type Commit, toFact } from './commit.js';
import { CommitReports } from './commit-reports.js';
import type { Mailbox } from './mailbox.js';
import { OutageReport } from './outage-report.js';
import { ScoreStore } from './ports/score-store.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';

const FIRST_REST_MS = 5;
const LONGEST_REST_MS = 100;
/** Misses of a locked row in a row from which on the lease is looked at: a fenced statement is refused alike. */
const DOUBTED_TIMES = 3;

/**
 * Smart batching: idle → write at once; while a statement is in flight, changes collect and go with the next one.
 * One statement in flight. A transient failure folds the batch back and pauses; a permanent failure of a batch is
 * narrowed down by writing its rows one by one. When the lease is lost nothing of what waits is written; a statement under way
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
  /** locked rows and when to try them again */
  private readonly resting = new Map<Mailbox, Cancel>();
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
    right.lost$.subscribe(() => this.forget());
  }

  /** Is the database refusing or not answering? */
  get failing(): boolean {
    return this.backoff.attempts > 0;
  }

  /** The mailbox has a pending change and none in flight. Takes effect with the next `flush`. */
  add(mailbox: Mailbox): void {
    if (!this.resting.has(mailbox)) this.dirty.add(mailbox);
  }

  /** The row is locked by somebody else: tried again a little later, alone in its delay. @param times in a row, this one included */
  rest(mailbox: Mailbox, times: number): void {
    if (this.stopped) return;
    const pauseMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (times - 1));
    const wake = () => {
      this.resting.delete(mailbox);
      this.dirty.add(mailbox);
      this.flush();
    };
    this.resting.set(mailbox, this.scheduler.after(pauseMs, wake));
    if (times >= DOUBTED_TIMES) this.right.doubt();
  }

  /** Nothing of what waits for this match is written. */
  drop(mailbox: Mailbox): void {
    this.dirty.delete(mailbox);
    this.suspects.delete(mailbox);
    this.resting.get(mailbox)?.();
    this.resting.delete(mailbox);
  }

  /** Starts the next statement unless one is in flight. */
  flush(): void {
    if (this.busy || this.stopped || this.dirty.size === 0 || !this.right.granted) return;
    this.busy = true;
    const batch = this.takeBatch();
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
    this.cancelRests();
  }

  private forget(): void {
    this.dirty.clear();
    this.suspects.clear();
    this.cancelRests();
    this.backoff.reset();
  }

  private cancelRests(): void {
    for (const cancel of this.resting.values()) cancel();
    this.resting.clear();
  }

  /** Sorted by match id, so that concurrent writers lock rows in one order. */
  private takeBatch(): Mailbox[] {
    const [suspect] = this.suspects;
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
    const committed = written.size === batch.length ? batch : batch.filter((_, n) => written.has(n));
    this.publish(committed.map((mailbox) => mailbox.committed()));
    if (committed.length < batch.length) {
      for (const [n, mailbox] of batch.entries()) if (!written.has(n)) mailbox.missed();
    }
    this.goOn();
  }

  private goOn(): void {
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
    const failure = classify(error);
    if (failure === 'permanent') this.narrow(batch, error);
    else {
      for (const mailbox of batch) {
        if (failure === 'transient' && !neverReached(error)) mailbox.answerLost();
        else mailbox.failed();
      }
      this.pause(error);
    }
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
