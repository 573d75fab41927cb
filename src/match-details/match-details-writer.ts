import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { MatchUpdate } from '../domain/match-update.js';
import { classify, sqlState } from '../postgres/sql-state.js';
import { Backoff } from '../shared/backoff.js';
import { Clock } from '../shared/clock.js';
import { CommittedChanges } from '../shared/committed-changes.js';
import { DetailsSink } from '../shared/details-sink.js';
import { LiveScoreMetrics } from '../shared/livescore-metrics.js';
import { SampledWarning } from '../shared/sampled-warning.js';
import { type FoldedDetails, foldDetails, partsOf } from './fold-details.js';
import { detailsOf, type PendingDetails } from './pending-details.js';
import { PendingQueue } from './pending-queue.js';
import { DetailsStore } from './ports/details-store.js';
import { ProviderTimes } from './provider-times.js';

const CAPACITY = 5_000;
const RETRY = { firstMs: 100, maxMs: 10_000 };
const MAX_AGE_MS = 15 * 60_000;
const DRAIN_MS = 5_000;

type Outcome = 'written' | 'unchanged' | 'unknown' | 'stale' | 'overflow' | 'expired' | 'failed';

/**
 * Writes statistics, incidents and commentary, beside and behind the scores: its own queue, one statement at a time,
 * row locks never waited for. At most 5,000 matches wait, one joined entry each; the oldest is given up beyond that.
 *
 * idle → (submit) → working, match by match → (queue empty) → idle; a write that may succeed later goes to the end of
 * the queue and → pausing (0.1–10 s) → working. What could not be written for 15 minutes is given up.
 */
@Injectable()
export class MatchDetailsWriter extends DetailsSink implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MatchDetailsWriter.name);
  private readonly failure = new SampledWarning(this.logger, 'Match details could not be written');
  private readonly queue = new PendingQueue(CAPACITY);
  private readonly providerTimes = new ProviderTimes();
  private readonly backoff = new Backoff(RETRY);
  private state: 'idle' | 'working' | 'pausing' = 'idle';
  private stopping = false;
  private becameIdle: (() => void) | null = null;

  constructor(
    private readonly store: DetailsStore,
    private readonly clock: Clock,
    private readonly committed: CommittedChanges,
    private readonly metrics: LiveScoreMetrics,
  ) {
    super();
  }

  override submit(updates: readonly MatchUpdate[]): void {
    if (this.stopping) return;
    for (const update of updates) {
      const details = detailsOf(update);
      if (!details) continue;
      if (!this.providerTimes.admit(update)) this.count('stale');
      else if (!this.queue.add(details)) this.count('overflow');
    }
    if (this.state === 'idle' && this.queue.size > 0) void this.work();
  }

  /** Writes what waits, each match tried once more, for at most 5 s. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.backoff.stop();
    if (this.state === 'pausing') void this.work();
    if (this.state === 'working') await this.idleWithin(DRAIN_MS);
    if (this.queue.size > 0) this.logger.warn('Match details left unwritten', { matches: this.queue.size });
  }

  private async work(): Promise<void> {
    this.state = 'working';
    for (let details = this.queue.take(); details; details = this.queue.take()) {
      const outcome = await this.write(details);
      if (outcome !== 'later') {
        this.count(outcome);
        this.backoff.reset();
      } else if (this.postpone(details)) return;
    }
    this.state = 'idle';
    this.becameIdle?.();
  }

  /** @returns false when there is no later for these details */
  private postpone(details: PendingDetails): boolean {
    if (this.stopping || this.clock.nowMs() - details.receivedAtMs > MAX_AGE_MS) {
      this.count('expired');
      return false;
    }
    if (!this.queue.giveBack(details)) this.count('overflow');
    this.state = 'pausing';
    this.backoff.wait(() => void this.work());
    return true;
  }

  private async write(details: PendingDetails): Promise<Outcome | 'later'> {
    try {
      const stored = await this.store.load(details.matchId, partsOf(details));
      if (!stored) return 'unknown';
      const folded = foldDetails(stored, details);
      if (!folded) return 'unchanged';
      const result = await this.store.save(folded.change);
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

  private count(outcome: Outcome): void {
    this.metrics.details.inc({ outcome });
  }

  private async idleWithin(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.becameIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
