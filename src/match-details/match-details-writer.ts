import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import { DetailsSink } from '../contracts/details-sink.js';
import type { Receipt } from '../contracts/update-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import type { IncidentNews } from '../domain/incident-list.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { Accounting, type InFlight } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { logFields } from '../kernel/log-fields.js';
import { OutcomeCounter } from '../kernel/outcome-counter.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { StatementQueue, type StatementWork } from '../kernel/statement-queue.js';
import { isPermanent, maySpareOtherRows, sqlState } from '../postgres/sql-state.js';
import { DetailsFates, type DetailsOutcome } from './details-fates.js';
import { type FoldedDetails, foldDetails, partsOf } from './fold-details.js';
import { LastIncidentLists } from './last-incident-lists.js';
import { detailsOf, type PendingDetails, waitingIn } from './pending-details.js';
import { PendingQueue } from './pending-queue.js';
import { DetailsStore } from './ports/details-store.js';
import { ProviderTimes } from './provider-times.js';
import { UncertainNews } from './uncertain-news.js';

const CAPACITY = 5_000;
const MOST_PER_STATEMENT = 32;
const POLICY = {
  most: MOST_PER_STATEMENT,
  retry: { firstMs: 100, maxMs: 1_000 },
  isPermanent,
  maySpareOthers: maySpareOtherRows,
};
const MAX_AGE_MS = 15 * 60_000;
const DRAIN_MS = 5_000;

/**
 * Writes statistics, incidents and commentary, beside and behind the scores: 32 matches at a time through a
 * {@link StatementQueue} of its own, row locks never waited for. At most 5,000 matches wait, one joined entry each; the
 * oldest is given up beyond that. What could not be written goes to the end, and is given up after 15 minutes. While
 * standing by, without the lease of the feed, nothing is taken; when the lease is lost the queue is dropped.
 */
@Injectable()
export class MatchDetailsWriter
  extends DetailsSink
  implements StatementWork<PendingDetails>, BeforeApplicationShutdown
{
  private readonly logger = new Logger(MatchDetailsWriter.name);
  private readonly refusals = new SampledWarning(this.logger, 'Match details can never be written');
  private readonly pending: PendingQueue;
  private readonly providerTimes = new ProviderTimes();
  private readonly lists = new LastIncidentLists();
  private readonly uncertain = new UncertainNews();
  private readonly subscription: Subscription;
  private readonly queue: StatementQueue<PendingDetails>;
  private readonly fates: DetailsFates;
  /** under way, and left unwritten at the end */
  private readonly outside = new Set<PendingDetails>();
  /** of those under way: not to be tried again */
  private readonly forgotten = new Set<PendingDetails>();
  /** of those under way: taken under a lease that was lost since */
  private readonly fenced = new Set<PendingDetails>();
  private stopping = false;

  constructor(
    private readonly store: DetailsStore,
    private readonly clock: Clock,
    private readonly committed: CommittedChanges,
    private readonly metrics: LiveScoreMetrics,
    scheduler: Scheduler,
    private readonly right: WriteFence,
    accounting: Accounting,
    fates: OutcomeCounter,
  ) {
    super();
    this.queue = new StatementQueue(this, POLICY, scheduler);
    this.fates = new DetailsFates(fates);
    this.pending = new PendingQueue(
      CAPACITY,
      (waiting) => this.fates.superseded(waiting),
      (oldest) => this.finish(oldest, 'overflow'),
    );
    accounting.register(() => this.inFlight());
    right.lost$.subscribe(() => this.forgetAll());
    this.subscription = committed.batches$.subscribe((batch) => this.scoreCommitted(batch));
  }

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    for (const update of updates) {
      const details = detailsOf(update, receipt);
      if (!details) continue;
      if (!this.right.granted) this.finish(details, 'fenced');
      else if (!this.providerTimes.admit(update, receipt?.waited)) this.finish(details, 'stale');
      else {
        this.lists.heard(details);
        this.pending.add(details);
      }
    }
    if (this.pending.size > 0) this.queue.wake();
  }

  private scoreCommitted(batch: readonly Committed[]): void {
    for (const change of batch) {
      const again = change.kind === 'score' ? this.lists.after(change) : null;
      if (again) this.pending.add(again);
    }
    if (this.pending.size > 0) this.queue.wake();
  }

  override holds(matchId: string): boolean {
    if (this.pending.has(matchId)) return true;
    for (const details of this.outside) if (details.matchId === matchId) return true;
    return false;
  }

  override forget(matchId: string): void {
    const waiting = this.pending.remove(matchId);
    if (waiting) this.finish(waiting, 'released');
    for (const details of this.outside) if (details.matchId === matchId) this.forgotten.add(details);
  }

  /** Writes what waits and what comes meanwhile, each match tried once more, for at most 5 s. The rest stays untold. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.queue.mode === 'stopped') return;
    this.subscription.unsubscribe();
    this.stopping = true;
    await this.queue.drain(DRAIN_MS);
    this.queue.stop();
    const matches = this.pending.size + this.outside.size;
    if (matches > 0) this.logger.warn('Match details left unwritten', { matches });
  }

  take(most: number): readonly PendingDetails[] | null {
    const batch = this.pending.take(most);
    for (const details of batch) this.outside.add(details);
    return batch.length > 0 ? batch : null;
  }

  /** One statement reads all of them, and one writes those that differ. */
  async send(batch: readonly PendingDetails[]): Promise<readonly PendingDetails[]> {
    const stored = await this.store.load(batch.map((one) => ({ matchId: one.matchId, parts: partsOf(one) })));
    const changed = new Map<PendingDetails, FoldedDetails>();
    for (const details of batch) {
      const before = stored.get(details.matchId);
      if (before && details.incidents) this.tell(details, this.uncertain.settle(details.matchId, before));
      const folded = before ? foldDetails(before, details) : null;
      if (folded) changed.set(details, folded);
      else this.finish(details, before ? 'unchanged' : 'unknown');
    }
    return changed.size > 0 ? this.save(changed) : [];
  }

  /** In the end each match is tried once. Those that met their fate already are not sent again. */
  giveBack(batch: readonly PendingDetails[]): boolean {
    let waits = false;
    for (const details of batch) {
      if (!this.outside.has(details)) continue;
      if (this.forgotten.has(details)) this.finish(details, 'released');
      else if (this.fenced.has(details)) this.finish(details, 'fenced');
      else if (this.stopping) continue;
      else if (this.clock.nowMs() - details.receivedAtMs > MAX_AGE_MS) this.finish(details, 'expired');
      else {
        this.putBack(details);
        waits = true;
      }
    }
    return waits;
  }

  giveUp(details: PendingDetails, error: unknown): void {
    this.refusals.warn({ matchId: details.matchId, code: sqlState(error), error: String(error) });
    this.finish(details, 'failed');
  }

  failed(error: unknown): void {
    this.metrics.writeErrors.inc({ code: sqlState(error) ?? 'none' });
  }

  outageBegan(error: unknown): void {
    this.logger.warn('Match details could not be written', logFields({ code: sqlState(error), error }));
  }

  outageOver(): void {
    this.logger.log('Match details are written again', { matches: this.pending.size });
  }

  private putBack(details: PendingDetails): void {
    this.outside.delete(details);
    this.pending.giveBack(details);
  }

  /** @returns those whose row is locked, or has other documents by now */
  private async save(changed: ReadonlyMap<PendingDetails, FoldedDetails>): Promise<readonly PendingDetails[]> {
    if (!this.right.granted) return [...changed.keys()];
    const changes = [...changed.values()].map(({ change }) => change);
    const announced = await this.store.save(changes, this.right.fence).catch((error: unknown) => {
      this.uncertain.doubt(changed.values());
      throw error;
    });
    for (const [details, folded] of changed) {
      const keys = announced.get(details.matchId);
      if (!keys) continue;
      this.announce(details, folded, keys);
      this.finish(details, 'written');
    }
    return [...changed.keys()].filter(({ matchId }) => !announced.has(matchId));
  }

  private announce(details: PendingDetails, { change, news }: FoldedDetails, announced: readonly string[]): void {
    const keys = new Set(announced);
    const told = [...news].flatMap(([key, one]) => (keys.has(key) ? [one] : []));
    // who shows the list must hear that it is a shorter one, though nothing is announced
    if (told.length > 0 || change.withdrawn) this.publish(details, told);
  }

  private tell(details: PendingDetails, told: readonly IncidentNews[]): void {
    if (told.length > 0) this.publish(details, told);
  }

  private publish({ matchId, receivedAtMs }: PendingDetails, told: readonly IncidentNews[]): void {
    const fresh = told.flatMap(({ before, after }) => (before ? [] : [after]));
    const corrected = told.flatMap(({ before, after }) => (before ? [{ before, after }] : []));
    const committedAtMs = this.clock.nowMs();
    this.committed.publish([{ kind: 'incidents', matchId, fresh, corrected, receivedAtMs, committedAtMs }]);
  }

  private finish(details: PendingDetails, outcome: DetailsOutcome): void {
    for (const held of [this.outside, this.forgotten, this.fenced]) held.delete(details);
    this.metrics.details.inc({ outcome });
    this.fates.conclude(details, outcome);
  }

  private forgetAll(): void {
    for (const details of this.outside) this.fenced.add(details);
    for (const details of this.pending.take(this.pending.size)) this.finish(details, 'fenced');
  }

  /** Updates with a score are the score writer's to count. */
  private inFlight(): InFlight {
    const waiting = [...this.outside, ...this.pending.all()].flatMap(waitingIn).filter(({ update }) => !update.score);
    const oldestAtMs = waiting.reduce<number | null>(
      (oldest, { update: { receivedAtMs } }) => Math.min(oldest ?? receivedAtMs, receivedAtMs),
      null,
    );
    return { count: waiting.length, oldestAtMs };
  }
}
