import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { IngestLease } from '../contracts/ingest-lease.js';
import { Backoff } from '../kernel/backoff.js';
import { Clock } from '../kernel/clock.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { sqlState } from '../postgres/sql-state.js';
import { ResolvedDeadLettersOptions } from './dead-letters.options.js';
import { LetterAttempts } from './letter-attempts.js';
import { DeadLetterStore } from './ports/dead-letter-store.js';

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
  private readonly backoff: Backoff;
  private subscription: Subscription | null = null;
  private fence: number | null = null;
  /** rises with every start: an older run ends itself */
  private run = 0;
  private stopped = false;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly attempts: LetterAttempts,
    private readonly options: ResolvedDeadLettersOptions,
    private readonly clock: Clock,
    scheduler: Scheduler,
    @Optional() private readonly lease?: IngestLease,
  ) {
    this.backoff = new Backoff(scheduler, RETRY);
  }

  onApplicationBootstrap(): void {
    if (this.options.replayParkedWithinMs === 0) return;
    if (!this.lease) {
      void this.replay(++this.run, FIRST_ID, 0);
      return;
    }
    this.subscription = this.lease.terms$.subscribe((term) => {
      if (term?.fence === this.fence) return;
      this.fence = term?.fence ?? null;
      this.run++;
      if (term) void this.replay(this.run, FIRST_ID, 0);
    });
  }

  onModuleDestroy(): void {
    this.stopped = true;
    this.subscription?.unsubscribe();
    this.backoff.stop();
    this.attempts.stop();
  }

  private async replay(run: number, startId: string, startCount: number): Promise<void> {
    const sinceMs = this.clock.nowMs() - this.options.replayParkedWithinMs;
    let afterId = startId;
    let replayed = startCount;
    try {
      for (;;) {
        const page = await this.store.parked(sinceMs, afterId);
        if (this.stopped || run !== this.run) return;
        this.backoff.reset();
        afterId = page.at(-1)?.id ?? '';
        if (afterId === '') break;
        const attempts = await this.attempts.attempt(page, PAGE_TIMEOUT_MS);
        replayed += attempts.filter(({ verdict }) => verdict.result === 'settled').length;
      }
      if (replayed > 0) this.logger.log('Parked updates reached their rows', { letters: replayed });
    } catch (error) {
      if (this.stopped || run !== this.run) return;
      this.failure.warn({ code: sqlState(error), error });
      this.backoff.wait(() => void this.replay(run, afterId, replayed));
    }
  }
}
