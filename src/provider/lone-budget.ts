import type { Scheduler } from '../kernel/scheduler.js';
import { type BudgetDemand, type Decision, decide } from './budget-decision.js';
import { type UsedAlone, withWindows } from './budget-handover.js';
import { type BudgetLimits, shareOf } from './budget-limits.js';
import { budgetAt, countedIn } from './budget-state.js';
import type { BudgetState } from './ports/budget-state.js';

/** What an instance calls itself where nobody else sees it. */
const ITSELF = 'itself';

/**
 * The budget of an instance that asks nobody: its share of the limits. It counts by the monotonic clock, so a clock that is set
 * neither stalls it nor fills it.
 */
export class LoneBudget {
  private readonly share: BudgetLimits;
  /** what nobody else has counted yet */
  private windows: BudgetState['windows'] = {};
  private requests = 0;

  /** @param limits of all instances together */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly limits: BudgetLimits,
    instances: number,
    private state: BudgetState,
  ) {
    this.share = shareOf(limits, instances);
  }

  /** It has let something through that nobody else has counted. */
  get isUsed(): boolean {
    return this.requests > 0;
  }

  decide<Demand extends BudgetDemand>(demands: readonly Demand[]): Decision<Demand> {
    const nowMs = this.scheduler.monotonicMs();
    const { state, ...decision } = decide(this.state, demands, ITSELF, nowMs, this.share);
    this.state = state;
    this.requests += decision.granted.length;
    for (const { endpoint } of decision.granted) {
      this.windows = countedIn(this.windows, endpoint, nowMs, this.limits);
    }
    return decision;
  }

  /** Gives away what it has let through: somebody counts it for all, or gives it back by {@link takeBack}. */
  handOver(): UsedAlone {
    const { windows, requests } = this;
    this.windows = {};
    this.requests = 0;
    return { tokens: budgetAt(this.state, this.scheduler.monotonicMs(), this.share).tokens, requests, windows };
  }

  takeBack({ requests, windows }: UsedAlone): void {
    this.requests += requests;
    this.windows = withWindows(this.windows, windows, 0, this.scheduler.monotonicMs());
  }
}
