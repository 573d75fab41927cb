import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Optional,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { BroadcastService } from '../broadcast/broadcast.service.js';
import { type Committed, CommittedChanges, type ScoreCommitted } from '../contracts/committed-changes.js';
import { IngestLease } from '../contracts/ingest-lease.js';
import { MatchRouter } from '../contracts/match-router.js';
import { Backoff } from '../kernel/backoff.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { RecentChanges } from './ports/recent-changes.js';
import { rebuildChanges } from './rebuild-changes.js';
import { RepeatQueue } from './repeat-queue.js';

const WINDOW_MS = 60_000;
const MAX_CHANGES = 1_000;
const RETRY = { firstMs: 200, maxMs: 5_000 };

/**
 * A process that dies between commit and broadcast owes its clients frames. Whoever takes the feed over tells what was
 * committed in the last 60 s once more, with its epoch and version, by which a client knows a repeat.
 *
 * *idle* → (the lease is taken; without a lease: bootstrap) → *reading* the journal, with pauses of 0.2–5 s while the
 * database cannot be asked → *repeating*: once to the clients connected now, and to each that connects → *idle* 60 s
 * after the takeover, when the term is lost, or when nothing is owed. What is committed meanwhile about the same
 * matches follows the repeated changes, so that the newest score is the last one told. While all
 * matches are on the legacy path nothing is read.
 */
@Injectable()
export class TakeoverRepeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TakeoverRepeat.name);
  private readonly failures = new SampledWarning(this.logger, 'Reading what clients may have missed failed');
  private terms: Subscription | undefined;
  private live: Subscription | undefined;
  private owed: RepeatQueue | null = null;
  private fence: number | null = null;
  private cancelEnd: Cancel = () => {};
  private backoff: Backoff | undefined;

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
    if (!this.broadcast || this.terms) return;
    if (this.lease) this.terms = this.lease.terms$.subscribe((term) => this.follow(term?.fence ?? null));
    else this.begin();
  }

  onApplicationShutdown(): void {
    this.terms?.unsubscribe();
    this.end();
  }

  private follow(fence: number | null): void {
    if (fence === this.fence) return;
    this.fence = fence;
    this.end();
    if (fence !== null) this.begin();
  }

  private begin(): void {
    if (this.router?.active === false) return;
    const owed = new RepeatQueue();
    this.owed = owed;
    this.live = this.changes.batches$.subscribe((batch) => this.follows(owed, batch));
    this.cancelEnd = this.scheduler.after(WINDOW_MS, () => this.end());
    this.backoff = new Backoff(this.scheduler, RETRY);
    void this.read(owed, this.scheduler.monotonicMs());
  }

  private end(): void {
    if (!this.owed) return;
    this.owed = null;
    this.live?.unsubscribe();
    this.cancelEnd();
    this.backoff?.stop();
    this.broadcast?.stopRepeating();
  }

  private async read(owed: RepeatQueue, sinceMs: number): Promise<void> {
    try {
      const withinMs = WINDOW_MS + this.scheduler.monotonicMs() - sinceMs;
      const changes = rebuildChanges(await this.recent.load(withinMs, MAX_CHANGES));
      if (owed === this.owed) this.repeat(owed, changes);
    } catch (error) {
      if (owed !== this.owed) return;
      this.failures.warn({ error: String(error) });
      this.backoff?.wait(() => void this.read(owed, sinceMs));
    }
  }

  private repeat(owed: RepeatQueue, changes: readonly ScoreCommitted[]): void {
    const repeated = owed.settle(changes);
    if (repeated.length === 0) {
      this.end();
      return;
    }
    this.metrics.reannounced.inc(repeated.length);
    this.logger.log('Recent changes are told again, to clients that may have missed them', {
      changes: repeated.length,
      fence: this.fence,
    });
    this.broadcast?.repeat(repeated);
  }

  private follows(owed: RepeatQueue, batch: readonly Committed[]): void {
    const later = owed.add(batch);
    if (later.length > 0) this.broadcast?.repeatToNewcomers(later);
  }
}
