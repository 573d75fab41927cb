import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { CommittedChanges } from '../contracts/committed-changes.js';
import { DetailsSink } from '../contracts/details-sink.js';
import type { Receipt } from '../contracts/update-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { Accounting, type InFlight } from '../kernel/accounting.js';
import { Backoff } from '../kernel/backoff.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { classify, sqlState } from '../postgres/sql-state.js';
import { DetailsFates, type DetailsOutcome } from './details-fates.js';
import { type FoldedDetails, foldDetails, partsOf } from './fold-details.js';
import { detailsOf, type PendingDetails, waitingIn } from './pending-details.js';
import { PendingQueue } from './pending-queue.js';
import { DetailsStore } from './ports/details-store.js';
import { ProviderTimes } from './provider-times.js';

const CAPACITY = 5_000;
const RETRY = { firstMs: 100, maxMs: 1_000 };
const MAX_AGE_MS = 15 * 60_000;
const DRAIN_MS = 5_000;

/**
 * Writes statistics, incidents and commentary, beside and behind the scores: its own queue, one statement at a time,
 * row locks never waited for. At most 5,000 matches wait, one joined entry each; the oldest is given up beyond that.
 *
 * idle → (submit) → working, match by match → (queue empty) → idle; a write that may succeed later goes to the end of
 * the queue and → pausing (0.1–1 s) → working. What could not be written for 15 minutes is given up. While standing by,
 * without the lease of the feed, nothing is taken; when the lease is lost the queue is dropped. → stopped at shutdown.
 */
@Injectable()
export class MatchDetailsWriter extends DetailsSink implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MatchDetailsWriter.name);
  private readonly failure = new SampledWarning(this.logger, 'Match details could not be written');
  private readonly queue: PendingQueue;
  private readonly providerTimes = new ProviderTimes();
  private readonly backoff: Backoff;
  private readonly fates: DetailsFates;
  private state: 'idle' | 'working' | 'pausing' | 'stopped' = 'idle';
  /** under way, and left unwritten at the end */
  private readonly outside = new Set<PendingDetails>();
  /** of those under way: not to be tried again */
  private readonly forgotten = new Set<PendingDetails>();
  /** changes with every lease lost */
  private term = 0;
  private stopping = false;
  private becameIdle: (() => void) | null = null;

  constructor(
    private readonly store: DetailsStore,
    private readonly clock: Clock,
    private readonly committed: CommittedChanges,
    private readonly metrics: LiveScoreMetrics,
    private readonly scheduler: Scheduler,
    private readonly right: WriteFence,
    accounting: Accounting,
    fates: OutcomeCounter,
  ) {
    super();
    this.backoff = new Backoff(scheduler, RETRY);
    this.fates = new DetailsFates(fates);
    this.queue = new PendingQueue(
      CAPACITY,
      (waiting) => this.fates.superseded(waiting),
      (oldest) => this.finish(oldest, 'overflow'),
    );
    accounting.register(() => this.inFlight());
    right.lost$.subscribe(() => this.forgetAll());
  }

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    for (const update of updates) {
      const details = detailsOf(update, receipt);
      if (!details) continue;
      if (!this.right.granted) this.finish(details, 'fenced');
      else if (!this.providerTimes.admit(update, receipt?.waited)) this.finish(details, 'stale');
      else this.queue.add(details);
    }
    if (this.state === 'idle' && this.queue.size > 0) void this.work();
  }

  override holds(matchId: string): boolean {
    if (this.queue.has(matchId)) return true;
    for (const details of this.outside) if (details.matchId === matchId) return true;
    return false;
  }

  override forget(matchId: string): void {
    const waiting = this.queue.remove(matchId);
    if (waiting) this.finish(waiting, 'released');
    for (const details of this.outside) if (details.matchId === matchId) this.forgotten.add(details);
  }

  /** Writes what waits and what comes meanwhile, each match tried once more, for at most 5 s. The rest stays untold. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.state === 'stopped') return;
    this.stopping = true;
    this.backoff.stop();
    if (this.state === 'pausing') void this.work();
    if (this.state === 'working') await this.idleWithin(DRAIN_MS);
    this.state = 'stopped';
    const matches = this.queue.size + this.outside.size;
    if (matches > 0) this.logger.warn('Match details left unwritten', { matches });
  }

  private async work(): Promise<void> {
    this.state = 'working';
    for (let details = this.queue.take(); details && !this.stopped(); details = this.queue.take()) {
      const { term } = this;
      this.outside.add(details);
      const outcome = await this.write(details);
      const forgotten = this.forgotten.delete(details);
      if (outcome === 'later' && term === this.term && !forgotten) {
        if (this.postpone(details)) return;
      } else {
        this.finish(details, outcome === 'later' ? (forgotten ? 'released' : 'fenced') : outcome);
        this.backoff.reset();
      }
    }
    if (!this.stopped()) this.state = 'idle';
    this.becameIdle?.();
  }

  private stopped(): boolean {
    return this.state === 'stopped';
  }

  /** @returns false when the other matches need not wait */
  private postpone(details: PendingDetails): boolean {
    if (this.stopping) return false;
    if (this.clock.nowMs() - details.receivedAtMs > MAX_AGE_MS) {
      this.finish(details, 'expired');
      return false;
    }
    this.outside.delete(details);
    this.queue.giveBack(details);
    this.state = 'pausing';
    this.backoff.wait(() => void this.work());
    return true;
  }

  private async write(details: PendingDetails): Promise<DetailsOutcome | 'later'> {
    try {
      const stored = await this.store.load(details.matchId, partsOf(details));
      if (!stored) return 'unknown';
      const folded = foldDetails(stored, details);
      if (!folded) return 'unchanged';
      if (!this.right.granted) return 'later';
      const result = await this.store.save(folded.change, this.right.fence);
      if (result.kind === 'busy') return 'later';
      this.announce(details, folded, result.announced);
      return 'written';
    } catch (error) {
      return this.failed(error, details.matchId);
    }
  }

  private announce(details: PendingDetails, { news }: FoldedDetails, announced: readonly string[]): void {
    if (announced.length === 0) return;
    const keys = new Set(announced);
    const fresh = [...news].filter(([key]) => keys.has(key)).map(([, incident]) => incident);
    const { matchId, receivedAtMs } = details;
    this.committed.publish([{ kind: 'incidents', matchId, fresh, receivedAtMs, committedAtMs: this.clock.nowMs() }]);
  }

  private failed(error: unknown, matchId: string): 'failed' | 'later' {
    const code = sqlState(error) ?? 'none';
    this.metrics.writeErrors.inc({ code });
    this.failure.warn({ matchId, code, attempts: this.backoff.attempts, error: String(error) });
    return classify(error) === 'permanent' ? 'failed' : 'later';
  }

  private finish(details: PendingDetails, outcome: DetailsOutcome): void {
    this.outside.delete(details);
    this.metrics.details.inc({ outcome });
    this.fates.conclude(details, outcome);
  }

  private forgetAll(): void {
    this.term++;
    for (let details = this.queue.take(); details; details = this.queue.take()) this.finish(details, 'fenced');
  }

  /** Updates with a score are the score writer's to count. */
  private inFlight(): InFlight {
    let count = 0;
    let oldestAtMs: number | null = null;
    for (const pending of [...this.outside, ...this.queue.all()]) {
      for (const { update } of waitingIn(pending)) {
        if (update.score) continue;
        count++;
        oldestAtMs = Math.min(oldestAtMs ?? update.receivedAtMs, update.receivedAtMs);
      }
    }
    return { count, oldestAtMs };
  }

  private async idleWithin(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.scheduler.after(timeoutMs, resolve);
      this.becameIdle = () => {
        cancel();
        resolve();
      };
    });
  }
}
