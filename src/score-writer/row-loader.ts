import { Injectable, Logger } from '@nestjs/common';
import type { MatchState } from '../domain/match-state.js';
import { Backoff } from '../shared/backoff.js';
import type { Mailbox } from './mailbox.js';
import { ScoreStore } from './ports/score-store.js';

const MAX_ROWS = 500;

/**
 * Loads rows for mailboxes: one query in flight, everything asked for meanwhile goes into the next. A failed query is
 * tried again with growing pauses until it works or the loader stops.
 */
@Injectable()
export class RowLoader {
  private readonly logger = new Logger(RowLoader.name);
  private readonly backoff = new Backoff({ firstMs: 50, maxMs: 1000 });
  private readonly wanted = new Set<Mailbox>();
  private loading = false;
  private loaded: (mailbox: Mailbox, row: MatchState | null) => void = () => {};
  private afterBatch: () => void = () => {};

  constructor(private readonly store: ScoreStore) {}

  /** @param loaded called per mailbox with its row, null when there is none; @param afterBatch once per query */
  connect(loaded: (mailbox: Mailbox, row: MatchState | null) => void, afterBatch: () => void): void {
    this.loaded = loaded;
    this.afterBatch = afterBatch;
  }

  request(mailbox: Mailbox): void {
    this.wanted.add(mailbox);
    if (!this.loading) this.next();
  }

  stop(): void {
    this.wanted.clear();
    this.backoff.stop();
  }

  private next(): void {
    const batch = [...this.wanted].slice(0, MAX_ROWS);
    this.loading = batch.length > 0;
    if (!this.loading) return;
    for (const mailbox of batch) this.wanted.delete(mailbox);
    this.store.load(batch.map(({ matchId }) => matchId)).then(
      (rows) => this.deliver(batch, rows),
      (error: unknown) => this.retry(batch, error),
    );
  }

  private deliver(batch: readonly Mailbox[], rows: ReadonlyMap<string, MatchState>): void {
    this.backoff.reset();
    for (const mailbox of batch) this.loaded(mailbox, rows.get(mailbox.matchId) ?? null);
    this.afterBatch();
    this.next();
  }

  private retry(batch: readonly Mailbox[], error: unknown): void {
    if (this.backoff.attempts === 0) this.logger.warn('Loading match rows failed, trying again', { error });
    for (const mailbox of batch) this.wanted.add(mailbox);
    this.backoff.wait(() => this.next());
  }
}
