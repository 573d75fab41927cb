import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { MatchRouter } from '../contracts/match-router.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { RetentionStore } from './ports/retention-store.js';
import { ResolvedRetentionOptions } from './retention.options.js';

/** Batches of one kind in one turn: what is left waits for the next one. */
const MOST_BATCHES = 50;
const STOP_WAIT_MS = 2_000;

/**
 * Deletes what is older than it has to be kept, batch by batch, in the process that takes the feed, unless every match
 * is on the legacy path: then `ts_matches` is not read, which tells what is over. A turn goes on in the
 * journal where the last one stopped, and begins anew at its end: what must stay holds nothing up.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Retention.name);
  private readonly poller: Poller;
  private journalAfterMs = 0;
  private stopped = false;

  constructor(
    private readonly store: RetentionStore,
    private readonly options: ResolvedRetentionOptions,
    scheduler: Scheduler,
    @Optional() private readonly lease?: IngestLease,
    @Optional() private readonly router?: MatchRouter,
  ) {
    const warning = new SampledWarning(
      this.logger,
      'What is too old cannot be deleted: may the role DELETE from livescore_journal, livescore_announced, livescore_dead_letter and livescore_rollout_decision?',
    );
    this.poller = new Poller(scheduler, { everyMs: options.everyMs, turn: () => this.prune(), warning });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await this.poller.stop(STOP_WAIT_MS);
  }

  /** A turn at once, or the one under way. Never rejects. */
  round(): Promise<void> {
    return this.poller.run();
  }

  private get mayPrune(): boolean {
    return !this.stopped && this.router?.active !== false && (!this.lease || this.lease.confirmed);
  }

  private async prune(): Promise<void> {
    const { journalDays, lettersDays, decisionsDays } = this.options;
    const { store } = this;
    const changes = journalDays > 0 ? await this.batches(() => this.journalBatch(journalDays)) : 0;
    const letters = lettersDays > 0 ? await this.batches(wholeBatches(() => store.pruneLetters(lettersDays))) : 0;
    const decisions =
      decisionsDays > 0 ? await this.batches(wholeBatches(() => store.pruneDecisions(decisionsDays))) : 0;
    if (changes + letters + decisions > 0) this.logger.log('Deleted what was too old', { changes, letters, decisions });
  }

  /** @returns how many rows went */
  private async batches(next: () => Promise<Batch>): Promise<number> {
    let all = 0;
    for (let n = 0; n < MOST_BATCHES && this.mayPrune; n++) {
      const { deleted, isLast } = await next();
      all += deleted;
      if (isLast) break;
    }
    return all;
  }

  private async journalBatch(days: number): Promise<Batch> {
    const { deleted, untilMs } = await this.store.pruneJournal(days, this.journalAfterMs);
    this.journalAfterMs = untilMs ?? 0;
    return { deleted, isLast: untilMs === null };
  }
}

interface Batch {
  readonly deleted: number;
  readonly isLast: boolean;
}

function wholeBatches(prune: () => Promise<number>): () => Promise<Batch> {
  return async () => {
    const deleted = await prune();
    return { deleted, isLast: deleted === 0 };
  };
}
