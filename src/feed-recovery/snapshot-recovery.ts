import { Inject, Injectable, Optional } from '@nestjs/common';
import { UpdateSink } from '../contracts/update-sink.js';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { pause, unlessAborted, withDeadline } from '../kernel/deadline.js';
import { retry } from '../kernel/retry.js';
import { Scheduler } from '../kernel/scheduler.js';
import { BrokerBackpressure, NO_BROKER } from '../mqtt-ingest/ports/broker-backpressure.js';
import { AwaitedFates } from '../provider/ports/awaited-fates.js';
import { ProviderApi } from '../provider/ports/provider-api.js';
import { ResolvedScoreWriterOptions } from '../score-writer/score-writer.options.js';
import { RecoveryTimeoutError } from './feed-recovery.errors.js';
import { ResolvedFeedRecoveryOptions } from './feed-recovery.options.js';

/** What a recovery found. */
export interface Recovered {
  /** up to when nothing is missing any more, our clock, unix ms */
  readonly untilMs: number;
  /** changes of matches that the feed had not told */
  readonly changes: number;
}

interface SettledSnapshot {
  readonly requestedAtMs: number;
  readonly changes: number;
}

const RETRY = { firstMs: 1_000, maxMs: 30_000 };
/** The guard compares in milliseconds, the provider's answer may be a little older than its request says. */
const MARGIN_MS = 250;
const LOOK_MS = 1_000;

/** What the feed brings while the provider is asked: nothing old, what the broker had kept, or nothing at all. */
export type RecoveryKind = 'after-hole' | 'after-backlog' | 'in-silence';

/**
 * One recovery: the provider is asked for everything live, and the answer goes the way of every update.
 *
 * An answer may be `restLagMs` old. The first request, at once, repairs the matches whose feed had been quiet for that
 * long. The second one leaves `restLagMs` after the first: only its answer is known to be younger than the hole, and
 * only it is believed by the guard for matches pushed right before the hole. In a silence one request is enough: as
 * long as the silence lasts, others follow. After a session that the broker kept only the second one is made: an answer
 * is newer than the frames that the broker has kept, and they come after it. For the same reason nobody is asked while
 * there is a {@link BrokerBackpressure}.
 */
@Injectable()
export class SnapshotRecovery {
  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly sink: UpdateSink,
    private readonly accounting: Accounting,
    private readonly options: ResolvedFeedRecoveryOptions,
    private readonly writer: ResolvedScoreWriterOptions,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
    @Optional() @Inject(ProviderApi) private readonly provider?: ProviderApi,
  ) {}

  /** Can the provider be asked? */
  get enabled(): boolean {
    return this.provider?.enabled ?? false;
  }

  /** The least time between two snapshots that may both change the same match, ms. */
  get settlingMs(): number {
    return this.writer.restLagMs + MARGIN_MS;
  }

  /**
   * @param refused told each failed attempt, which is repeated with growing pauses
   * @throws RecoveryTimeoutError
   * @throws the signal's reason
   */
  async run(kind: RecoveryKind, refused: (error: unknown) => void, signal: AbortSignal): Promise<Recovered> {
    if (kind === 'after-backlog') {
      await this.waitUntil(this.clock.nowMs() + this.settlingMs, signal);
      const only = await this.snapshot(refused, signal);
      return this.recovered(only, only.changes);
    }
    const first = await this.snapshot(refused, signal);
    if (kind === 'in-silence') return this.recovered(first, first.changes);
    await this.waitUntil(first.requestedAtMs + this.settlingMs, signal);
    const second = await this.snapshot(refused, signal);
    return this.recovered(second, first.changes + second.changes);
  }

  private recovered({ requestedAtMs }: SettledSnapshot, changes: number): Recovered {
    return { untilMs: requestedAtMs - this.settlingMs, changes };
  }

  /** More than once around: the clock may have been set back meanwhile. */
  private async waitUntil(atMs: number, signal: AbortSignal): Promise<void> {
    for (let rounds = 0; rounds < 3; rounds++) {
      const leftMs = Math.min(atMs - this.clock.nowMs(), this.settlingMs);
      if (leftMs > 0) await pause(leftMs, this.scheduler, signal);
    }
  }

  private async untilCaughtUp(signal: AbortSignal): Promise<void> {
    while (!this.backlog.isOver) await pause(LOOK_MS, this.scheduler, signal);
  }

  private async snapshot(refused: (error: unknown) => void, signal: AbortSignal): Promise<SettledSnapshot> {
    await this.untilCaughtUp(signal);
    const { scheduler } = this;
    const { timeoutMs } = this.options;
    let lastError: unknown;
    const late = (): Error => new RecoveryTimeoutError(timeoutMs, lastError);
    const failed = (error: unknown): void => {
      lastError = error;
      refused(error);
    };
    return withDeadline({ waitMs: timeoutMs, scheduler, late, signals: [signal] }, (until) =>
      retry({ policy: RETRY, scheduler, signal: until, failed }, async () => {
        await this.untilCaughtUp(until);
        return this.attempt(until);
      }),
    );
  }

  private async attempt(signal: AbortSignal): Promise<SettledSnapshot> {
    const provider = this.provider as ProviderApi;
    const snapshot = provider.liveMatches(signal, 'recovery');
    const { updates, rejected, requestedAtMs } = await unlessAborted(snapshot, signal);
    this.accounting.received(updates.length + rejected);
    if (rejected > 0) this.accounting.concluded('malformed', rejected);
    const fates = new AwaitedFates(updates);
    this.sink.submit(updates, fates);
    await unlessAborted(fates.complete, signal);
    return { requestedAtMs, changes: fates.applied };
  }
}
