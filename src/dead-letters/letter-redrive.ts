import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { sqlState } from '../postgres/sql-state.js';
import { ResolvedDeadLettersOptions } from './dead-letters.options.js';
import type { LetterAttempt } from './letter-attempt.js';
import { LetterAttempts } from './letter-attempts.js';
import { DeadLetterStore } from './ports/dead-letter-store.js';

/** An update that is not written by then is told as such; its letter goes when it is. */
const ATTEMPT_TIMEOUT_MS = 30_000;

/** Tries letters again that an operator marked (`livescore dead-letters redrive`), in the process that takes the feed. */
@Injectable()
export class LetterRedrive implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(LetterRedrive.name);
  private readonly failure = new SampledWarning(this.logger, 'Letters to redrive cannot be read or told of');
  private cancel: Cancel | null = null;
  private working = false;
  private stopped = false;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly attempts: LetterAttempts,
    private readonly options: ResolvedDeadLettersOptions,
    private readonly metrics: LiveScoreMetrics,
    private readonly scheduler: Scheduler,
    @Optional() private readonly lease?: IngestLease,
  ) {}

  onApplicationBootstrap(): void {
    this.cancel = this.scheduler.every(this.options.redrivePollMs, () => void this.round());
  }

  onModuleDestroy(): void {
    this.stopped = true;
    this.cancel?.();
    this.attempts.stop();
  }

  /** Takes what is marked, page by page, until nothing is. Never throws. */
  async round(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      while (this.mayTake && (await this.page()));
    } catch (error) {
      if (!this.stopped) this.failure.warn({ code: sqlState(error), error });
    } finally {
      this.working = false;
    }
  }

  private get mayTake(): boolean {
    return !this.stopped && (!this.lease || this.lease.confirmed);
  }

  private async page(): Promise<boolean> {
    const letters = await this.store.claimRedrives();
    if (letters.length === 0) return false;
    const attempts = await this.attempts.attempt(letters, ATTEMPT_TIMEOUT_MS);
    this.report(attempts);
    const inVain = attempts.filter(({ verdict }) => verdict.result !== 'settled');
    if (inVain.length > 0) await this.store.keep(inVain.map(remaining));
    return true;
  }

  private report(attempts: readonly LetterAttempt[]): void {
    for (const { verdict } of attempts) this.metrics.deadLettersRedriven.inc({ result: verdict.result });
    const settled = attempts.filter(({ verdict }) => verdict.result === 'settled').length;
    this.logger.log('Dead letters tried again', { letters: attempts.length, settled });
  }
}

function remaining({ letter, verdict }: LetterAttempt) {
  return { id: letter.id, receivedAtMs: letter.receivedAtMs, detail: verdict.detail };
}
