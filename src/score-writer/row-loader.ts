import { Injectable, Logger } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import type { MatchState } from '../domain/match-state.js';
import { Backoff } from '../kernel/backoff.js';
import { Scheduler } from '../kernel/scheduler.js';
import { classify, sqlState } from '../postgres/sql-state.js';
import { BatchFlusher } from './batch-flusher.js';
import { DecisionLog } from './decision-log.js';
import type { Mailbox } from './mailbox.js';
import { OutageReport } from './outage-report.js';
import { ScoreStore } from './ports/score-store.js';

const MAX_ROWS = 500;

/**
 * Loads rows for mailboxes: one query in flight, everything asked for meanwhile goes into the next. A failed query is
 * tried again with growing pauses until it works or the loader stops. When the database refuses the query for what is
 * in it (an id that no row can have), its matches are asked for one by one, and the refused one has no row.
 */
@Injectable()
export class RowLoader {
  private readonly logger = new Logger(RowLoader.name);
  private readonly outage = new OutageReport(this.logger);
  private readonly backoff: Backoff;
  private readonly wanted = new Set<Mailbox>();
  private readonly suspects = new Set<Mailbox>();
  private loading = false;
  private stopped = false;

  constructor(
    private readonly store: ScoreStore,
    private readonly flusher: BatchFlusher,
    private readonly log: DecisionLog,
    scheduler: Scheduler,
    right: WriteFence,
  ) {
    this.backoff = new Backoff(scheduler, { firstMs: 50, maxMs: 500 });
    right.lost$.subscribe(() => this.forget());
  }

  /** Is the database refusing or not answering? */
  get failing(): boolean {
    return this.backoff.attempts > 0;
  }

  request(mailbox: Mailbox): void {
    if (this.stopped) return;
    this.wanted.add(mailbox);
    if (!this.loading) this.next();
  }

  /** Nobody waits for this row; a query under way is answered to a mailbox that knows. */
  drop(mailbox: Mailbox): void {
    this.wanted.delete(mailbox);
    this.suspects.delete(mailbox);
  }

  stop(): void {
    this.stopped = true;
    this.wanted.clear();
    this.suspects.clear();
    this.backoff.stop();
  }

  /** The lease was lost: nobody waits for the rows asked for. */
  private forget(): void {
    this.wanted.clear();
    this.suspects.clear();
    this.backoff.reset();
  }

  private next(): void {
    const batch = this.takeBatch();
    this.loading = batch.length > 0;
    if (!this.loading) return;
    this.store.load(batch.map(({ matchId }) => matchId)).then(
      (rows) => this.deliver(batch, rows),
      (error: unknown) => this.fail(batch, error),
    );
  }

  private takeBatch(): readonly Mailbox[] {
    const [suspect] = this.suspects;
    const batch = suspect ? [suspect] : [...this.wanted].slice(0, MAX_ROWS);
    for (const mailbox of batch) {
      this.wanted.delete(mailbox);
      this.suspects.delete(mailbox);
    }
    return batch;
  }

  private deliver(batch: readonly Mailbox[], rows: ReadonlyMap<string, MatchState>): void {
    this.backoff.reset();
    this.outage.recovered();
    for (const mailbox of batch) mailbox.rowLoaded(rows.get(mailbox.matchId) ?? null);
    this.flusher.flush();
    this.log.writeDown();
    this.next();
  }

  private fail(batch: readonly Mailbox[], error: unknown): void {
    if (classify(error) === 'permanent') {
      this.narrow(batch, error);
      return;
    }
    this.outage.failed(error);
    for (const mailbox of batch) if (!mailbox.contents.retired) this.wanted.add(mailbox);
    this.backoff.wait(() => this.next());
  }

  private narrow(batch: readonly Mailbox[], error: unknown): void {
    if (batch.length === 1) {
      this.logger.warn('The database refuses to look for a match', { code: sqlState(error), error });
      this.deliver(batch, new Map());
      return;
    }
    for (const mailbox of batch) this.suspects.add(mailbox);
    this.next();
  }
}
