import { Injectable, Logger, Optional } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import { announcesGoals } from '../domain/derive-events.js';
import { ForeignWriters, NOBODY_LOOKS } from '../foreign-writers/ports/foreign-writers.js';
import { Backoff } from '../kernel/backoff.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { classify, neverReached, sqlState } from '../postgres/sql-state.js';
import type { FlushListener } from './flush-listener.js';
import { type Accepted, fold, type Mailbox, type Waiting } from './mailbox.js';
import { OutageReport } from './outage-report.js';
import { ScoreStore, type ScoreWrite } from './ports/score-store.js';

const FIRST_REST_MS = 5;
const LONGEST_REST_MS = 100;
const MAX_UNCONFIRMED = 16;

/**
 * Smart batching: idle → write at once; while a statement is in flight, changes collect and go with the next one.
 * One statement in flight. A transient failure folds the batch back and pauses; a permanent failure of a batch is
 * narrowed down by writing its rows one by one.
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
  private readonly superseded = (waiting: Waiting): void => this.listener?.superseded(waiting);
  private busy = false;
  private stopped = false;
  private listener: FlushListener | null = null;
  private batchSize = 200;

  constructor(
    private readonly store: ScoreStore,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    private readonly scheduler: Scheduler,
    private readonly right: WriteFence,
    @Optional() private readonly foreignWriters: ForeignWriters = NOBODY_LOOKS,
  ) {
    this.backoff = new Backoff(scheduler, { firstMs: 50, maxMs: 500 });
  }

  connect(listener: FlushListener, batchSize: number): void {
    this.listener = listener;
    this.batchSize = batchSize;
  }

  /** Is the database refusing or not answering? */
  get failing(): boolean {
    return this.backoff.attempts > 0;
  }

  /** The mailbox has a pending change. Takes effect with the next `flush`. */
  add(mailbox: Mailbox): void {
    if (!mailbox.inFlight && !this.resting.has(mailbox)) this.dirty.add(mailbox);
  }

  /** The row is locked by somebody else: put its change back and try again a little later, alone in its delay. */
  rest(mailbox: Mailbox): void {
    this.putBack(mailbox, false);
    this.dirty.delete(mailbox);
    if (this.stopped) return;
    const pauseMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** mailbox.lockedOut++);
    const wake = () => {
      this.resting.delete(mailbox);
      this.dirty.add(mailbox);
      this.flush();
    };
    this.resting.set(mailbox, this.scheduler.after(pauseMs, wake));
  }

  /** Nothing of what waits for this match is written. */
  drop(mailbox: Mailbox): void {
    this.dirty.delete(mailbox);
    this.suspects.delete(mailbox);
    this.resting.get(mailbox)?.();
    this.resting.delete(mailbox);
  }

  /** Nothing of what waits is written. A statement under way is answered all the same. */
  forget(): void {
    this.dirty.clear();
    this.suspects.clear();
    this.cancelRests();
    this.backoff.reset();
  }

  /** Starts the next statement unless one is in flight. */
  flush(): void {
    if (this.busy || this.stopped || this.dirty.size === 0 || !this.right.granted) return;
    this.busy = true;
    const batch = this.takeBatch();
    const atS = Math.floor(this.clock.nowMs() / 1000);
    const writes = batch.map((mailbox) => toWrite(mailbox, atS));
    this.store.write(writes, this.right.fence, this.foreignWriters.protectMs).then(
      (written) => this.finish(batch, written),
      (error: unknown) => this.fail(batch, error),
    );
    this.listener?.sent(batch);
  }

  stop(): void {
    this.stopped = true;
    this.backoff.stop();
    this.cancelRests();
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
    else for (const mailbox of this.dirty) if (batch.push(mailbox) >= this.batchSize) break;
    for (const mailbox of batch) {
      this.dirty.delete(mailbox);
      this.suspects.delete(mailbox);
      mailbox.inFlight = mailbox.pending;
      mailbox.pending = null;
    }
    return batch.length > 1 ? batch.sort((a, b) => (a.matchId < b.matchId ? -1 : 1)) : batch;
  }

  private finish(batch: readonly Mailbox[], written: ReadonlySet<number>): void {
    this.answered();
    const committed = written.size === batch.length ? batch : batch.filter((_, n) => written.has(n));
    this.listener?.committed(committed, this.clock.nowMs());
    for (const mailbox of committed) if (mailbox.pending) this.dirty.add(mailbox);
    if (committed.length < batch.length) {
      for (const [n, mailbox] of batch.entries()) if (!written.has(n)) this.listener?.missed(mailbox);
    }
    this.busy = false;
    this.flush();
  }

  /** The database is there, whatever it says. */
  private answered(): void {
    this.backoff.reset();
    this.outage.recovered();
  }

  private fail(batch: readonly Mailbox[], error: unknown): void {
    const failure = classify(error);
    this.metrics.writeErrors.labels(sqlState(error) ?? 'none').inc();
    const [only] = batch;
    if (failure === 'permanent') this.answered();
    if (failure === 'permanent' && batch.length === 1 && only) {
      this.busy = false;
      this.listener?.dead(only, error);
      this.flush();
      return;
    }
    const mayBeWritten = failure === 'transient' && !neverReached(error);
    for (const mailbox of batch) {
      if (mailbox.retired) {
        this.listener?.missed(mailbox);
        continue;
      }
      this.putBack(mailbox, mayBeWritten);
      if (failure === 'permanent') this.suspects.add(mailbox);
    }
    if (failure === 'permanent') {
      this.busy = false;
      this.flush();
      return;
    }
    this.outage.failed(error);
    this.backoff.wait(() => {
      this.busy = false;
      // nothing left to fail: the lease was lost
      if (this.dirty.size === 0) this.backoff.reset();
      this.flush();
    });
  }

  /** What was accepted meanwhile stays on top. The lost answer may have been a yes: the next miss will tell. */
  private putBack(mailbox: Mailbox, mayBeWritten: boolean): void {
    const inFlight = mailbox.inFlight as Accepted;
    if (mayBeWritten) mailbox.unconfirmed = withUnconfirmed(mailbox.unconfirmed, inFlight);
    const kept = mailbox.freshened ? { ...inFlight, next: mailbox.freshened } : inFlight;
    mailbox.pending = mailbox.pending ? fold(kept, mailbox.pending, this.superseded) : kept;
    mailbox.forgetAnswer();
    this.dirty.add(mailbox);
  }
}

/** The oldest is the likeliest to have taken effect: it stays. */
function withUnconfirmed(known: readonly Accepted[], sent: Accepted): readonly Accepted[] {
  if (known.at(-1)?.next === sent.next) return known;
  const room = known.length < MAX_UNCONFIRMED ? known : known.toSpliced(1, 1);
  return [...room, sent];
}

function toWrite(mailbox: Mailbox, atS: number): ScoreWrite {
  const accepted = mailbox.inFlight as Accepted;
  accepted.incidents ??= mailbox.goalIncidents;
  const { next, newest, receivedAtMs, incidents } = accepted;
  const { source, delivery } = newest.update;
  return {
    expectedVersion: mailbox.state?.version ?? 0,
    next,
    source,
    catchUp: delivery === 'pull',
    goalIncidents: mailbox.state && announcesGoals(mailbox.state, next) ? incidents : null,
    receivedAtMs,
    atS,
  };
}
