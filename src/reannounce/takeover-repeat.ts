import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Optional,
} from '@nestjs/common';
import { BroadcastService } from '../broadcast/broadcast.service.js';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import { IngestLease } from '../contracts/ingest-lease.js';
import { followLease } from '../contracts/lease-follower.js';
import { MatchRouter } from '../contracts/match-router.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { retry } from '../kernel/retry.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { rebuildChanges } from './ports/rebuild-changes.js';
import { RecentChanges } from './ports/recent-changes.js';
import { RepeatQueue } from './repeat-queue.js';
import { rebuildIncident, type ToldAgain } from './told-again.js';
import { ToldChanges } from './told-changes.js';

const WINDOW_MS = 60_000;
const MAX_CHANGES = 1_000;
const RETRY = { firstMs: 200, maxMs: 5_000 };

/**
 * A process that dies between commit and broadcast owes its clients frames. Whoever takes the feed over tells what was
 * committed in the last 60 s once more, with its epoch and version, by which a client knows a repeat; incidents
 * with the key that they were announced by.
 *
 * *idle* → (the lease is taken; without a lease: bootstrap) → *reading* the journal, with pauses of 0.2–5 s while the
 * database cannot be asked → *repeating*: once to the clients connected now, and to each that connects → *idle* 60 s
 * after the takeover, when the term is lost, or when nothing is owed. What is committed meanwhile about the same
 * matches follows the repeated changes, so that the newest score is the last one told. What this process told itself, in an
 * earlier term, is not told twice. While all
 * matches are on the legacy path nothing is read.
 */
@Injectable()
export class TakeoverRepeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TakeoverRepeat.name);
  private readonly failures = new SampledWarning(this.logger, 'Reading what clients may have missed failed');
  private readonly life = new Lifecycle();
  private readonly told = new ToldChanges();
  /** of the window that is open */
  private window: Lifecycle | null = null;

  constructor(
    private readonly recent: RecentChanges,
    private readonly changes: CommittedChanges,
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    @Optional() @Inject(IngestLease) private readonly lease?: IngestLease,
    @Optional() @Inject(BroadcastService) private readonly broadcast?: BroadcastService,
    @Optional() @Inject(MatchRouter) private readonly router?: Pick<MatchRouter, 'active'>,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.broadcast) return;
    this.life.start(() => [
      this.changes.batches$.subscribe((batch) => this.told.add(batch)),
      followLease(this.lease, { begun: (fence) => this.begin(fence), ended: () => this.window?.stop() }),
    ]);
  }

  onApplicationShutdown(): void {
    this.life.stop();
    this.window?.stop();
  }

  private begin(fence: number | null): void {
    if (this.router?.active === false) return;
    const owed = new RepeatQueue();
    const heard = this.told.copy();
    const window = new Lifecycle();
    this.window = window;
    window.start(() => [
      () => this.broadcast?.stopRepeating(),
      this.scheduler.after(WINDOW_MS, () => window.stop()),
      this.changes.batches$.subscribe((batch) => this.follows(owed, batch)),
    ]);
    this.read(window.signal, heard).then(
      (changes) => {
        if (!this.repeat(owed, changes, fence)) window.stop();
      },
      () => window.stop(),
    );
  }

  /** @throws the signal's reason when it is aborted */
  private read(signal: AbortSignal, heard: ToldChanges): Promise<readonly ToldAgain[]> {
    const sinceMs = this.scheduler.monotonicMs();
    const failed = (error: unknown): void => this.failures.warn({ error: String(error) });
    return retry({ policy: RETRY, scheduler: this.scheduler, signal, failed }, async () => {
      const withinMs = WINDOW_MS + this.scheduler.monotonicMs() - sinceMs;
      const journaled = rebuildChanges(await this.recent.load(withinMs, MAX_CHANGES));
      const incidents = (await this.recent.incidents(withinMs, MAX_CHANGES)).map(rebuildIncident);
      return [...journaled, ...incidents].filter((change) => !heard.has(change));
    });
  }

  /** @returns false when nothing is owed */
  private repeat(owed: RepeatQueue, changes: readonly ToldAgain[], fence: number | null): boolean {
    const repeated = owed.settle(changes);
    if (repeated.length === 0) return false;
    this.metrics.reannounced.inc(repeated.length);
    this.logger.log('Recent changes are told again, to clients that may have missed them', {
      changes: repeated.length,
      fence,
    });
    this.broadcast?.repeat(repeated);
    return true;
  }

  private follows(owed: RepeatQueue, batch: readonly Committed[]): void {
    const later = owed.add(batch);
    if (later.length > 0) this.broadcast?.repeatToNewcomers(later);
  }
}
