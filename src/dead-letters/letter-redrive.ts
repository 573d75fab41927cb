import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
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
  private readonly poller: Poller;
  private stopped = false;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly attempts: LetterAttempts,
    options: ResolvedDeadLettersOptions,
    private readonly metrics: LiveScoreMetrics,
    scheduler: Scheduler,
    @Optional() private readonly lease?: IngestLease,
  ) {
    const warning = new SampledWarning(this.logger, 'Letters to redrive cannot be read or told of');
    this.poller = new Poller(scheduler, { everyMs: options.redrivePollMs, turn: () => this.takeMarked(), warning });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    void this.poller.stop();
    this.attempts.stop();
  }

  /** A round at once, or the one under way. Never rejects. */
  round(): Promise<void> {
    return this.poller.run();
  }

  /** Page by page, until nothing is marked. */
  private async takeMarked(): Promise<void> {
    while (this.mayTake && (await this.page()));
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
