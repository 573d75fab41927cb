import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BehaviorSubject, type Observable } from 'rxjs';
import { IngestLease, type LeaseTerm } from '../contracts/ingest-lease.js';
import { within } from '../kernel/deadline.js';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { logFields } from '../kernel/log-fields.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { ResolvedLeaseOptions } from './lease.options.js';
import { LeaseStore } from './ports/lease-store.js';

/** Between two questions of who stands by, about: a holder that closes is followed within that. */
const STANDBY_EVERY_MS = 500;
/** Pause after a question the database did not answer. */
const RETRY_MS = 500;
/** Between two questions at least, however often the term is doubted. */
const DOUBT_EVERY_MS = 100;
/** A term that ends is asked for this long after its end, so that not all ask at once. */
const AFTER_END_MS = { least: 20, most: 100 } as const;
const RELEASE_TIMEOUT_MS = 1_000;

/**
 * This process as one of those that want the feed. Asks the database one question at a time, from bootstrap on:
 *
 * - *standby* (`term` null): asks for the lease about twice a second, and right after the holder's term
 *   should have ended. Only the first answer of the process may take it from a holder of our own name. → *held*
 * - *held, confirmed*: renews every ttl/3. "Not yours" → *standby*, told at once. No answer: stays, until the ttl has
 *   passed on our own monotonic clock since the last confirmed renewal was sent, or `doubt()` → *held, unconfirmed*
 * - *held, unconfirmed*: the database cannot be asked, or is being asked. Renews, as nobody may have taken the lease:
 *   → *held, confirmed* with the same fence; "not yours" → *standby*
 * - *stopped*: from `onApplicationShutdown` on, when feed and writer have drained: the term is released.
 *
 * The database's clock decides when a term ends; of ours only durations count, so neither has to be right. Two are
 * confirmed at the same time only when a process takes the lease from its own name or the database's clock leaps: then
 * the fence keeps the first one from writing, until its next renewal tells it.
 */
@Injectable()
export class LeaseHolder extends IngestLease implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('IngestLease');
  private readonly warning = new SampledWarning(this.logger, 'The database does not answer who holds the lease');
  private readonly terms = new BehaviorSubject<LeaseTerm | null>(null);
  override readonly terms$: Observable<LeaseTerm | null> = this.terms.asObservable();
  private readonly periodMs: number;
  private state: 'idle' | 'asking' | 'resting' | 'stopped' = 'idle';
  private question = 0;
  private asking: Promise<void> = Promise.resolve();
  private sentAtMs = Number.NEGATIVE_INFINITY;
  private confirmedAtMs = Number.NEGATIVE_INFINITY;
  private doubtedAtMs = Number.NEGATIVE_INFINITY;
  private mayReclaim = true;
  private readonly timer: Timer;

  constructor(
    private readonly options: ResolvedLeaseOptions,
    private readonly store: LeaseStore,
    private readonly scheduler: Scheduler,
    private readonly events: EventLog,
    private readonly metrics: LiveScoreMetrics,
  ) {
    super();
    this.periodMs = options.ttlMs / 3;
    this.timer = new Timer(scheduler);
  }

  override get term(): LeaseTerm | null {
    return this.terms.value;
  }

  override get confirmed(): boolean {
    if (!this.term || this.confirmedAtMs < this.doubtedAtMs) return false;
    return this.scheduler.monotonicMs() - this.confirmedAtMs < this.options.ttlMs;
  }

  onApplicationBootstrap(): void {
    if (this.options.enabled && this.state === 'idle') this.ask();
  }

  override doubt(): void {
    if (!this.term || this.state === 'stopped') return;
    this.doubtedAtMs = this.scheduler.monotonicMs();
    // a question that is under way was asked before: another one follows
    if (this.state === 'resting') this.rest(DOUBT_EVERY_MS);
  }

  /** Feed and writer have drained by now; the database is closed after this, its module being imported before ours. */
  async onApplicationShutdown(): Promise<void> {
    if (this.state === 'stopped') return;
    this.state = 'stopped';
    this.timer.stop();
    const released = this.asking.then(() => this.release());
    await within(released, RELEASE_TIMEOUT_MS, this.scheduler);
  }

  /** Sends the next question, and another one when it stays unanswered; a late answer counts as of its sending. */
  private ask(): void {
    this.state = 'asking';
    this.sentAtMs = this.scheduler.monotonicMs();
    const question = ++this.question;
    this.timer.set(this.options.ttlMs / 2, () => this.ask());
    this.asking = this.questionOf(this.sentAtMs).then((pauseMs) => {
      if (question === this.question && this.state === 'asking') this.rest(pauseMs);
    });
  }

  /** @param pauseMs from the sending of the last question to the next one */
  private rest(pauseMs: number): void {
    this.state = 'resting';
    const doubted = this.term && this.confirmedAtMs < this.doubtedAtMs;
    const pause = doubted ? Math.min(pauseMs, DOUBT_EVERY_MS) : pauseMs;
    const leftMs = this.sentAtMs + pause - this.scheduler.monotonicMs();
    this.timer.set(Math.max(0, leftMs), () => this.ask());
  }

  /** @returns the pause until the next question */
  private async questionOf(sentAtMs: number): Promise<number> {
    try {
      return this.term ? await this.renew(this.term, sentAtMs) : await this.acquire(sentAtMs);
    } catch (error) {
      this.warning.warn({ holder: this.options.holder, confirmed: this.confirmed, error: String(error) });
      return this.jittered(RETRY_MS);
    }
  }

  private async renew(term: LeaseTerm, sentAtMs: number): Promise<number> {
    const isOurs = await this.store.renew(this.options.holder, term.fence, this.options.ttlMs);
    if (this.term?.fence !== term.fence) return 0;
    if (isOurs) this.confirm(sentAtMs);
    else this.change('lost', null, term.fence);
    return isOurs ? this.jittered(this.periodMs) : 0;
  }

  private async acquire(sentAtMs: number): Promise<number> {
    const { holder, ttlMs } = this.options;
    const answer = await this.store.acquire(holder, ttlMs, this.mayReclaim);
    this.mayReclaim = false;
    if (answer.kind === 'held') {
      const afterEndMs = AFTER_END_MS.least + this.scheduler.random() * AFTER_END_MS.most;
      const pauseMs = this.jittered(STANDBY_EVERY_MS);
      return Math.min(pauseMs, answer.remainingMs + afterEndMs);
    }
    const { fence, clientId } = answer;
    if (this.state === 'stopped') await this.store.release(holder, fence);
    if (this.state === 'stopped' || (this.term && this.term.fence >= fence)) return 0;
    this.confirmedAtMs = sentAtMs;
    this.change('acquired', { fence, clientId }, fence);
    return this.jittered(this.periodMs);
  }

  private confirm(sentAtMs: number): void {
    const wasConfirmed = this.confirmed;
    this.confirmedAtMs = Math.max(this.confirmedAtMs, sentAtMs);
    if (!wasConfirmed && this.confirmed) this.terms.next(this.term);
  }

  private async release(): Promise<void> {
    const { term } = this;
    if (!term) return;
    this.change('released', null, term.fence);
    try {
      await this.store.release(this.options.holder, term.fence);
    } catch (error) {
      this.logger.warn('The lease was not released: it ends by itself', logFields({ error }));
    }
  }

  private change(change: 'acquired' | 'lost' | 'released', term: LeaseTerm | null, fence: number): void {
    this.metrics.leaseChanges.inc({ change });
    this.metrics.leaseHeld.set(term ? 1 : 0);
    this.metrics.leaseFence.set(fence);
    const level = change === 'lost' ? 'warn' : 'info';
    this.events.write(this.logger, `lease.${change}`, { level, fence, holder: this.options.holder });
    this.terms.next(term);
  }

  /** Between 0.9 and 1.1 of it, so that processes do not ask in step. */
  private jittered(ms: number): number {
    return ms * (0.9 + this.scheduler.random() * 0.2);
  }
}
