import { Injectable, Logger } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import type { MatchState } from '../domain/match-state.js';
import { logFields } from '../kernel/log-fields.js';
import { Scheduler } from '../kernel/scheduler.js';
import { StatementQueue, type StatementWork } from '../kernel/statement-queue.js';
import { isPermanent, sqlState } from '../postgres/sql-state.js';
import { BatchFlusher } from './batch-flusher.js';
import { DecisionLog } from './decision-log.js';
import type { Mailbox } from './mailbox.js';
import { OutageReport } from './outage-report.js';
import { ScoreStore } from './ports/score-store.js';
import { ToldGoals } from './told-goals.js';

const POLICY = { most: 500, retry: { firstMs: 50, maxMs: 500 }, isPermanent };

/**
 * Loads rows for mailboxes through a {@link StatementQueue}. An id that the database refuses to look for, as no row can
 * have it, has no row.
 */
@Injectable()
export class RowLoader implements StatementWork<Mailbox> {
  private readonly logger = new Logger(RowLoader.name);
  private readonly outage = new OutageReport(this.logger);
  private readonly queue: StatementQueue<Mailbox>;
  private wanted = new Set<Mailbox>();

  constructor(
    private readonly store: ScoreStore,
    private readonly flusher: BatchFlusher,
    private readonly log: DecisionLog,
    private readonly told: ToldGoals,
    scheduler: Scheduler,
    right: WriteFence,
  ) {
    this.queue = new StatementQueue(this, POLICY, scheduler);
    right.lost$.subscribe(() => this.forget());
  }

  /** Is the database refusing or not answering? */
  get failing(): boolean {
    return this.queue.failing;
  }

  request(mailbox: Mailbox): void {
    if (this.queue.mode === 'stopped') return;
    this.wanted.add(mailbox);
    this.queue.wake();
  }

  /** Nobody waits for this row; a query under way is answered to a mailbox that knows. */
  drop(mailbox: Mailbox): void {
    this.wanted.delete(mailbox);
  }

  stop(): void {
    this.queue.stop();
    this.wanted.clear();
  }

  /** The lease was lost: nobody waits for the rows asked for. */
  private forget(): void {
    this.wanted.clear();
    this.queue.forget();
  }

  take(most: number): readonly Mailbox[] | null {
    const batch = [...this.wanted].slice(0, most);
    for (const mailbox of batch) this.wanted.delete(mailbox);
    return batch.length > 0 ? batch : null;
  }

  async send(batch: readonly Mailbox[]): Promise<readonly Mailbox[]> {
    const rows = await this.store.load(batch.map(({ matchId }) => matchId));
    this.deliver(batch, rows);
    return [];
  }

  giveBack(batch: readonly Mailbox[]): boolean {
    if (this.queue.mode !== 'stopped')
      this.wanted = new Set([...batch.filter(({ contents }) => !contents.retired), ...this.wanted]);
    return this.wanted.size > 0;
  }

  giveUp(mailbox: Mailbox, error: unknown): void {
    this.logger.warn('The database refuses to look for a match', logFields({ code: sqlState(error), error }));
    this.deliver([mailbox], new Map());
  }

  failed(error: unknown): void {
    if (!isPermanent(error)) this.outage.failed(error);
  }

  outageOver(): void {
    this.outage.recovered();
  }

  private deliver(batch: readonly Mailbox[], rows: ReadonlyMap<string, MatchState>): void {
    for (const mailbox of batch) {
      const row = rows.get(mailbox.matchId);
      mailbox.rowLoaded(row ? this.told.over(row) : null);
    }
    this.flusher.flush();
    this.log.writeDown();
  }
}
