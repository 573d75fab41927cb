import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import type { BudgetDemand, Decision } from './budget-decision.js';
import { ResolvedProviderOptions } from './provider.options.js';
import { SharedBudget } from './shared-budget.js';
import { type Turn, type Waiting, WaitingTurns } from './waiting-turns.js';

/** Asks for a turn. */
export interface TurnRequest extends BudgetDemand {
  readonly signal?: AbortSignal;
}

/**
 * Every request of the process goes through here, and waits for its turn in the budget of all instances. It waits by timers and
 * never looks at the wall clock, so nobody waits for a clock that was set.
 */
@Injectable()
export class RequestBudget implements OnModuleDestroy {
  private readonly waiting = new WaitingTurns();
  private readonly nextLook: Timer;
  /** their time is over, but the store has not answered yet */
  private readonly overdue = new Set<Waiting>();
  private pausedMs = 0;
  private asking = false;
  private askAgain = false;
  private destroyed = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly shared: SharedBudget,
    private readonly metrics: LiveScoreMetrics,
    @Inject(ResolvedProviderOptions) private readonly options: Pick<ResolvedProviderOptions, 'maxWaitMs'>,
  ) {
    this.nextLook = new Timer(scheduler);
  }

  /** How long the others keep quiet, ms, as it was told with the last turn `paused`. */
  get toldPauseMs(): number {
    return this.pausedMs;
  }

  /** Waits for the right to send one request. Never rejects. */
  turn({ priority, endpoint, signal }: TurnRequest): Promise<Turn> {
    if (signal?.aborted || this.destroyed) return Promise.resolve('aborted');
    return new Promise((resolve) => {
      const askedAtMs = this.scheduler.monotonicMs();
      const answer = (turn: Turn) => {
        this.waiting.remove(waiting);
        this.overdue.delete(waiting);
        cancel();
        signal?.removeEventListener('abort', abort);
        if (turn === 'granted') this.count(waiting, askedAtMs);
        resolve(turn);
      };
      const waiting: Waiting = { priority, endpoint, answer };
      const abort = () => answer('aborted');
      const isBehind = this.waiting.hasBefore(waiting);
      if (!this.waiting.add(waiting)) return resolve('full');
      const late = () => (this.asking ? void this.overdue.add(waiting) : answer('late'));
      const cancel = this.scheduler.after(this.options.maxWaitMs, late);
      signal?.addEventListener('abort', abort);
      // whoever waits behind another has no turn before that one
      if (!isBehind || this.asking) this.look();
    });
  }

  /** No instance asks for so long: the provider said "too many requests" to this one. */
  pause(lengthMs: number): void {
    this.metrics.providerPauses.inc();
    void this.shared.pause(lengthMs);
  }

  onModuleDestroy(): void {
    this.destroyed = true;
    this.nextLook.stop();
    for (const waiting of this.waiting.all()) waiting.answer('aborted');
  }

  private look(): void {
    const demands = this.waiting.all();
    if (demands.length === 0 || this.destroyed) return;
    const alone = this.shared.decideAlone(demands);
    if (alone) this.take(alone, demands);
    else if (this.asking) this.askAgain = true;
    else void this.ask(demands);
  }

  private async ask(demands: readonly Waiting[]): Promise<void> {
    this.asking = true;
    this.askAgain = false;
    this.nextLook.clear();
    const decision = await this.shared.decide(demands);
    this.asking = false;
    this.take(decision, demands);
    if (this.askAgain) this.look();
  }

  private take({ granted, waitMs, pausedMs }: Decision<Waiting>, demands: readonly Waiting[]): void {
    // who does not wait any more had its turn for nothing
    for (const waiting of granted) if (this.waiting.has(waiting)) waiting.answer('granted');
    for (const waiting of demands) if (this.overdue.has(waiting)) waiting.answer('late');
    this.pausedMs = pausedMs;
    const rest = this.waiting.all();
    if (pausedMs > 0) for (const waiting of rest) waiting.answer('paused');
    else if (rest.length > 0) this.nextLook.set(waitMs, () => this.look());
  }

  private count({ priority }: Waiting, askedAtMs: number): void {
    this.metrics.providerTurns.inc({ priority });
    this.metrics.providerTurnWait.observe({ priority }, (this.scheduler.monotonicMs() - askedAtMs) / 1_000);
  }
}
