import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { Audience } from '../broadcast/ports/audience.js';
import { CommittedMatchCache } from '../cache/committed-match-cache.service.js';
import { ChangeFollower } from '../contracts/change-follower.js';
import type { Committed } from '../contracts/committed-changes.js';
import { CommittedChanges } from '../contracts/committed-changes.js';
import { ToldChanges } from '../contracts/told-changes.js';
import { Clock } from '../kernel/clock.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { CommitQueue } from './commit-queue.js';
import { Latencies } from './latencies.js';

/** Changes announced between two turns of the event loop. */
const CHANGES_PER_TURN = 200;

/**
 * What follows a commit: the cache first, then the clients, in commit order.
 *
 * *idle*: a batch goes at once. Without a cache, or while it is away, its frames leave in the same tick. Otherwise the
 * publisher is *in a round*: the cache gets the newest state of each match (bounded by its timeout), then all frames of
 * the round are sent. Batches that come meanwhile are collected for the next round. *draining* (from
 * `beforeApplicationShutdown`): after the running round nothing waits for the cache any more, so that nothing is left
 * over when the sockets close.
 */
@Injectable()
export class AfterCommitPublisher implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(AfterCommitPublisher.name);
  private readonly failures = new SampledWarning(this.logger, 'Publishing a committed change failed');
  private readonly drops = new SampledWarning(
    this.logger,
    'Minute frames dropped: too many changes wait for the cache',
  );
  private readonly queue: CommitQueue;
  private readonly life = new Lifecycle();
  private round: Promise<void> | undefined;
  private isDraining = false;

  constructor(
    private readonly changes: CommittedChanges,
    private readonly metrics: LiveScoreMetrics,
    private readonly clock: Clock,
    @Optional() @Inject(CommittedMatchCache) private readonly cache?: CommittedMatchCache,
    @Optional() private readonly audience?: Audience,
    @Optional() private readonly latencies?: Latencies,
    @Optional() private readonly follower?: ChangeFollower,
    @Optional() private readonly told?: ToldChanges,
  ) {
    this.queue = new CommitQueue((count) => {
      metrics.droppedMinutes.inc(count);
      this.drops.warn({ count });
    });
  }

  onModuleInit(): void {
    this.life.start(() => this.changes.batches$.subscribe((batch) => this.publish(batch)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isDraining = true;
    await this.round;
  }

  onApplicationShutdown(): void {
    this.life.stop();
  }

  private publish(batch: readonly Committed[]): void {
    if (batch.length === 0) return;
    if (this.round) {
      this.queue.push(batch);
      return;
    }
    const cached = this.toCache(batch);
    if (!cached || this.isDraining) {
      this.announce(batch);
      return;
    }
    this.round = this.runRounds(batch, cached);
  }

  private async runRounds(first: readonly Committed[], cachedFirst: Promise<void>): Promise<void> {
    let changes = first;
    let cached: Promise<void> | undefined = cachedFirst;
    for (;;) {
      if (!this.isDraining) await cached;
      await this.announceInTurns(changes);
      if (this.queue.size === 0) break;
      changes = this.queue.takeAll();
      cached = this.toCache(changes);
    }
    this.round = undefined;
  }

  private async announceInTurns(changes: readonly Committed[]): Promise<void> {
    for (let from = 0; from < changes.length; ) {
      if (from > 0) await new Promise((resolve) => setImmediate(resolve));
      const to = endOfTurn(changes, from);
      this.announce(changes.slice(from, to));
      from = to;
    }
  }

  private toCache(changes: readonly Committed[]): Promise<void> | undefined {
    try {
      return this.cache?.afterCommit(changes)?.catch((error: unknown) => this.warn(error));
    } catch (error) {
      this.warn(error);
      return undefined;
    }
  }

  /** Sends the frames of these changes, in this order, before it returns. The writer must never see an error of a listener. */
  private announce(changes: readonly Committed[]): void {
    try {
      if (this.audience) this.send(changes, this.audience);
    } catch (error) {
      this.warn(error);
    }
  }

  private send(changes: readonly Committed[], audience: Audience): void {
    audience.tell(changes);
    const sentAtMs = this.clock.nowMs();
    for (const change of changes) {
      this.metrics.commitToBroadcast.observe(Math.max(0, sentAtMs - change.committedAtMs) / 1000);
      this.latencies?.measure(change, sentAtMs);
    }
    this.follower?.told(changes, sentAtMs);
    this.told?.publish(changes, sentAtMs);
  }

  private warn(error: unknown): void {
    this.failures.warn({ error: error instanceof Error ? error.message : String(error) });
  }
}

/** The minutes of one tick leave together: one write per client. */
function endOfTurn(changes: readonly Committed[], from: number): number {
  let to = from;
  while (changes[to]?.kind === 'minute') to += 1;
  return to > from ? to : from + Math.min(CHANGES_PER_TURN, minutesAfter(changes, from));
}

/** How many other changes stand before the next minute. */
function minutesAfter(changes: readonly Committed[], from: number): number {
  const next = changes.findIndex(({ kind }, n) => n >= from && kind === 'minute');
  return (next < 0 ? changes.length : next) - from;
}
