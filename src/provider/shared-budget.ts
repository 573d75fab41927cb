import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import { pause, within } from '../kernel/deadline.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { type BudgetDemand, type Decision, decide } from './budget-decision.js';
import { type KnownBudget, shareOfKnown, type UsedAlone, withUsedAlone } from './budget-handover.js';
import { type BudgetLimits, type BudgetOptions, budgetLimits } from './budget-limits.js';
import { budgetAt, emptyBudget, instancesIn, paused } from './budget-state.js';
import { LoneBudget } from './lone-budget.js';
import type { BudgetState } from './ports/budget-state.js';
import { BudgetStore } from './ports/budget-store.js';
import { ResolvedProviderOptions } from './provider.options.js';

/** The store does not answer in time. */
const LATEST_ANSWER_MS = 500;
const LOOK_EVERY_MS = 1_000;
const MOST_CONFLICTS = 8;
const CONFLICT_PAUSE_MS = 3;
const LONGEST_CONFLICT_MS = 100;

/**
 * Decides about requests for all instances on one database.
 *
 * *alone*: there is no store; the whole budget, or the share that the option `instances` says, is this process's own.
 * *shared*: each decision is one compare-and-set in the store, by the store's clock → the store fails or is late → *degraded*:
 * this process keeps to its share and looks for the store every second → it answers, and has taken what was used meanwhile →
 * *shared*.
 */
@Injectable()
export class SharedBudget implements OnModuleDestroy {
  private readonly logger = new Logger(SharedBudget.name);
  private readonly warning = new SampledWarning(
    this.logger,
    'The budget that all instances share cannot be reached: this one keeps to its share',
  );
  private readonly id = randomBytes(6).toString('hex');
  private readonly stopping = new AbortController();
  private readonly limits: BudgetLimits;
  private readonly looking: Poller;
  private known: KnownBudget | null = null;
  /** by the monotonic clock */
  private pausedUntilMs = Number.NEGATIVE_INFINITY;
  /** null while the budget is shared */
  private lone: LoneBudget | null;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly metrics: LiveScoreMetrics,
    @Inject(ResolvedProviderOptions)
    private readonly options: BudgetOptions & Pick<ResolvedProviderOptions, 'instances'>,
    @Optional() private readonly store?: BudgetStore,
  ) {
    this.limits = budgetLimits(options);
    this.looking = new Poller(scheduler, {
      everyMs: LOOK_EVERY_MS,
      turn: () => this.comeBack(),
      warning: this.warning,
    });
    this.lone = store
      ? null
      : this.alone(emptyBudget(Math.max(1, options.burst / options.instances), scheduler.monotonicMs()));
    metrics.providerBudgetDegraded.set(0);
  }

  /** The decision of a process that shares with nobody; null while it shares. */
  decideAlone<Demand extends BudgetDemand>(demands: readonly Demand[]): Decision<Demand> | null {
    return this.lone?.decide(demands) ?? null;
  }

  /** Never rejects. */
  async decide<Demand extends BudgetDemand>(demands: readonly Demand[]): Promise<Decision<Demand>> {
    const later = { granted: [], waitMs: LONGEST_CONFLICT_MS * this.scheduler.random(), pausedMs: 0 };
    if (this.stopping.signal.aborted) return later;
    try {
      const decided = await this.change((state, nowMs) => decide(state, demands, this.id, nowMs, this.limits));
      return decided ?? later;
    } catch (error) {
      if (this.stopping.signal.aborted) return later;
      return this.degraded(error).decide(demands);
    }
  }

  /** No instance asks for so long. Never rejects. */
  async pause(lengthMs: number): Promise<void> {
    this.pausedUntilMs = this.scheduler.monotonicMs() + lengthMs;
    if (this.lone) return;
    const pausing = (state: BudgetState, nowMs: number) => ({ state: paused(state, lengthMs, nowMs) });
    try {
      let stored = await this.change(pausing);
      for (let tries = 1; !stored && tries < MOST_CONFLICTS; tries++) stored = await this.change(pausing);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.degraded(error);
    }
  }

  onModuleDestroy(): void {
    this.stopping.abort();
    void this.looking.stop();
  }

  private degraded(error: unknown): LoneBudget {
    this.warning.warn({ error });
    if (this.lone) return this.lone;
    const instances = this.instances();
    const nowMs = this.scheduler.monotonicMs();
    this.lone = this.alone(shareOfKnown(this.known, this.limits, instances, nowMs), instances);
    this.metrics.providerBudgetDegraded.set(1);
    this.looking.start();
    return this.lone;
  }

  /** @throws when the store is still away */
  private async comeBack(): Promise<void> {
    const { lone } = this;
    if (!lone) return;
    if (!(await this.handOver(lone))) return;
    this.lone = null;
    let isBack = false;
    try {
      // what it let through while that was stored is taken over, too
      isBack = !lone.isUsed || (await this.handOver(lone));
    } finally {
      if (!isBack) this.lone ??= lone;
    }
    if (!isBack) return;
    this.metrics.providerBudgetDegraded.set(0);
    void this.looking.stop();
    this.logger.log('The budget is shared with the other instances again');
  }

  /** @returns false when others were faster too often @throws what the store throws */
  private async handOver(lone: LoneBudget): Promise<boolean> {
    const used = lone.handOver();
    let isTaken = false;
    try {
      const taken = await this.change((state, nowMs) => ({ state: this.withOwn(state, used, nowMs) }));
      isTaken = taken !== null;
      return isTaken;
    } finally {
      if (!isTaken) lone.takeBack(used);
    }
  }

  private withOwn(state: BudgetState, used: UsedAlone, nowMs: number): BudgetState {
    const monotonicMs = this.scheduler.monotonicMs();
    const own = withUsedAlone(state, used, monotonicMs, nowMs);
    const leftMs = this.pausedUntilMs - monotonicMs;
    return leftMs > 0 ? paused(own, leftMs, nowMs) : own;
  }

  /** @returns null when others were faster too often @throws what the store throws, and when it is late */
  private async change<Changed extends { readonly state: BudgetState }>(
    update: (state: BudgetState, nowMs: number) => Changed,
  ): Promise<Changed | null> {
    const { store, scheduler } = this;
    if (!store) return null;
    for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      const { state, version, nowMs } = await this.inTime(store.read());
      // a row that somebody broke is no reason for a burst
      const before = budgetAt(state ?? emptyBudget(version === 0 ? this.limits.burst : 0, nowMs), nowMs, this.limits);
      const changed = update(before, nowMs);
      if (await this.inTime(store.compareAndSet(version, changed.state))) {
        this.known = { state: changed.state, storeMs: nowMs, monotonicMs: scheduler.monotonicMs() };
        return changed;
      }
      await pause(scheduler.random() * CONFLICT_PAUSE_MS * 2 ** conflicts, scheduler, this.stopping.signal);
    }
    return null;
  }

  private async inTime<T>(answer: Promise<T>): Promise<T> {
    const told = await within(
      answer.then((value) => ({ value })),
      LATEST_ANSWER_MS,
      this.scheduler,
    );
    if (told === null) throw new Error(`No answer within ${LATEST_ANSWER_MS} ms`);
    return told.value;
  }

  private alone(state: BudgetState, instances = this.options.instances): LoneBudget {
    return new LoneBudget(this.scheduler, this.limits, instances, state);
  }

  private instances(): number {
    const seen = this.known ? instancesIn(this.known.state, this.known.storeMs) : 0;
    return Math.max(seen, this.options.instances, 1);
  }
}
