import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { followLease } from '../contracts/lease-follower.js';
import { Clock } from '../kernel/clock.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { retry } from '../kernel/retry.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { sqlState } from '../postgres/sql-state.js';
import { ResolvedDeadLettersOptions } from './dead-letters.options.js';
import { LetterAttempts } from './letter-attempts.js';
import { DeadLetterStore, type StoredLetter } from './ports/dead-letter-store.js';

const RETRY = { firstMs: 100, maxMs: 5_000 };
/** For one page to be judged before the next is read. */
const PAGE_TIMEOUT_MS = 10_000;
const FIRST_ID = '0';

/**
 * Tries parked updates of the last day again whenever this process begins to take the feed: the one before parked them
 * in its memory too, and is gone. Those that still have no row are parked again, and their letters stay.
 */
@Injectable()
export class ParkedReplay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ParkedReplay.name);
  private readonly failure = new SampledWarning(this.logger, 'Parked updates cannot be read, trying again');
  private readonly life = new Lifecycle();
  /** of the term that is ours */
  private run = new AbortController();

  constructor(
    private readonly store: DeadLetterStore,
    private readonly attempts: LetterAttempts,
    private readonly options: ResolvedDeadLettersOptions,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly lease?: IngestLease,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.replayParkedWithinMs === 0) return;
    this.life.start(() => followLease(this.lease, { begun: () => this.begin(), ended: () => this.run.abort() }));
  }

  onModuleDestroy(): void {
    this.life.stop();
    this.run.abort();
    this.attempts.stop();
  }

  private begin(): void {
    this.run = new AbortController();
    const { signal } = this.run;
    this.replay(signal).catch((error: unknown) => {
      if (!signal.aborted) this.failure.warn({ code: sqlState(error), error });
    });
  }

  private async replay(signal: AbortSignal): Promise<void> {
    let replayed = 0;
    let afterId = FIRST_ID;
    for (;;) {
      const page = await this.page(afterId, signal);
      const last = page.at(-1);
      if (!last) break;
      const attempts = await this.attempts.attempt(page, PAGE_TIMEOUT_MS);
      replayed += attempts.filter(({ verdict }) => verdict.result === 'settled').length;
      afterId = last.id;
    }
    if (replayed > 0) this.logger.log('Parked updates reached their rows', { letters: replayed });
  }

  /** @throws the signal's reason when it is aborted */
  private page(afterId: string, signal: AbortSignal): Promise<readonly StoredLetter[]> {
    const failed = (error: unknown): void => this.failure.warn({ code: sqlState(error), error });
    return retry({ policy: RETRY, scheduler: this.scheduler, signal, failed }, () =>
      this.store.parked(this.clock.nowMs() - this.options.replayParkedWithinMs, afterId),
    );
  }
}
