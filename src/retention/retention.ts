import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { MatchRouter } from '../contracts/match-router.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { toldError } from '../kernel/told-error.js';
import { type RetainedKind, RetentionStore } from './ports/retention-store.js';
import { kindsThatGo, type RetainedDays, retainedDays } from './retained-days.js';
import { ResolvedRetentionOptions } from './retention.options.js';
import { TableSizes } from './table-sizes.js';
import { walkBatches } from './walk-batches.js';

/** Batches of one kind in one turn: what is left waits for the next one. */
const MOST_BATCHES = 50;
const STOP_WAIT_MS = 2_000;

/**
 * Deletes what is older than it has to be kept, batch by batch, in the process that takes the feed, unless every match
 * is on the legacy path: then `ts_matches` is not read, which tells what is over. A turn goes on in each kind where the last
 * one stopped, and begins anew at its end: what must stay holds nothing up. A kind that cannot be deleted holds up no other
 * one.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Retention.name);
  private readonly warning = new SampledWarning(
    this.logger,
    'What is too old cannot be deleted: may the role SELECT and DELETE in the livescore_ tables?',
  );
  private readonly poller: Poller;
  private readonly days: RetainedDays;
  /** kind → where the next batch goes on */
  private readonly after = new Map<RetainedKind, string | null>();
  private stopped = false;

  constructor(
    private readonly store: RetentionStore,
    options: ResolvedRetentionOptions,
    scheduler: Scheduler,
    private readonly tables: TableSizes,
    @Optional() private readonly lease?: IngestLease,
    @Optional() private readonly router?: MatchRouter,
  ) {
    this.days = retainedDays(options);
    const { warning } = this;
    this.poller = new Poller(scheduler, { everyMs: options.everyMs, turn: () => this.turn(), warning });
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

  private readonly mayPrune = (): boolean =>
    !this.stopped && this.router?.active !== false && (!this.lease || this.lease.confirmed);

  private async turn(): Promise<void> {
    const deleted: Record<string, number> = {};
    const failed: Partial<Record<RetainedKind, string>> = {};
    for (const kind of kindsThatGo(this.days)) {
      try {
        for (const [table, rows] of Object.entries(await this.prune(kind))) {
          deleted[table] = (deleted[table] ?? 0) + rows;
        }
      } catch (error) {
        failed[kind] = String(toldError(error));
      }
    }
    this.tables.deleted(deleted, Object.keys(failed));
    if (Object.keys(failed).length > 0) this.warning.warn(failed);
    if (Object.keys(deleted).length > 0) this.logger.log('Deleted what was too old', deleted);
    if (this.mayPrune()) await this.tables.measure();
    else this.tables.forget();
  }

  /** @returns table → rows that went, where there were any */
  private async prune(kind: RetainedKind): Promise<Readonly<Record<string, number>>> {
    const { rows, after } = await walkBatches((from) => this.store.prune(kind, this.days[kind], from), {
      after: this.after.get(kind) ?? null,
      mostBatches: MOST_BATCHES,
      mayGoOn: this.mayPrune,
    });
    this.after.set(kind, after);
    return Object.fromEntries(Object.entries(rows).filter(([, count]) => count > 0));
  }
}
