import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import { type SettledPrediction, SettledPredictions } from '../contracts/settled-predictions.js';
import { within } from '../kernel/deadline.js';
import { Drain } from '../kernel/drain.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import { SettlementFollowUp } from './ports/settlement-follow-up.js';

const LONGEST_CALL_MS = 10_000;
const MOST_WAITING = 1_000;

/** Calls what the host has bound for after the settlement, one batch after the other; what it does is its own business. */
@Injectable()
export class FollowUpCalls implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Settlement');
  private readonly failures = new SampledWarning(this.logger, "The host's follow-up of a settlement failed");
  private readonly drops = new SampledWarning(this.logger, "Batches dropped: the host's follow-up is too slow");
  private readonly life = new Lifecycle();
  private readonly waiting: (readonly SettledPrediction[])[] = [];
  private readonly calling = new Drain(
    () => this.waiting.length > 0 && !this.life.stopped,
    () => this.callOnce(),
  );

  constructor(
    private readonly settled: SettledPredictions,
    private readonly scheduler: Scheduler,
    @Optional() private readonly followUp?: SettlementFollowUp,
  ) {}

  onModuleInit(): void {
    if (this.followUp) this.life.start(() => this.settled.batches$.subscribe((batch) => this.hear(batch)));
  }

  onApplicationShutdown(): void {
    this.life.stop();
  }

  private hear(batch: readonly SettledPrediction[]): void {
    if (this.waiting.length >= MOST_WAITING) {
      this.drops.warn({ count: batch.length });
      return;
    }
    this.waiting.push(batch);
    void this.calling.run();
  }

  private async callOnce(): Promise<void> {
    const batch = this.waiting.shift() ?? [];
    try {
      const call = Promise.resolve(this.followUp?.settled(batch)).then(() => true);
      if ((await within(call, LONGEST_CALL_MS, this.scheduler)) === null) this.failures.warn({ late: LONGEST_CALL_MS });
    } catch (error) {
      this.failures.warn({ error: reasonOf(error) });
    }
  }
}
