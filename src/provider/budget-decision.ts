import { type BudgetAsk, endpointWaitMs, type Grant, grant } from './budget-grant.js';
import type { BudgetLimits } from './budget-limits.js';
import { announced, budgetAt, LONGEST_LOOK_MS, pauseMs } from './budget-state.js';
import type { BudgetState } from './ports/budget-state.js';

/** Somebody in this process who waits for a turn. */
export type BudgetDemand = Omit<BudgetAsk, 'by'>;

/** What comes of those who wait in one instance. */
export interface Decision<Demand> {
  /** those whose turn it is, in the order in which it was given */
  readonly granted: readonly Demand[];
  /** look again then, ms */
  readonly waitMs: number;
  /** so long nobody asks, ms; 0 without a pause */
  readonly pausedMs: number;
}

/** A decision, and what is remembered after it. */
export interface DecidedState<Demand> extends Decision<Demand> {
  readonly state: BudgetState;
}

/** Decides about everybody who waits in one instance. @param demands the higher classes first, in each the oldest first */
export function decide<Demand extends BudgetDemand>(
  before: BudgetState,
  demands: readonly Demand[],
  by: string,
  nowMs: number,
  limits: BudgetLimits,
): DecidedState<Demand> {
  const granted: Demand[] = [];
  const waiting = new Set(demands);
  let state = budgetAt(before, nowMs, limits);
  const pausedMs = pauseMs(state, nowMs);
  if (pausedMs > 0) return { state: announced(state, by, [], nowMs), granted, waitMs: pausedMs, pausedMs };
  for (;;) {
    const turn = nextTurn(state, waiting, by, nowMs, limits);
    state = turn.state;
    if (turn.next === null) return { state, granted, waitMs: turn.waitMs, pausedMs };
    granted.push(turn.next);
    waiting.delete(turn.next);
  }
}

/** The first of them whose turn it is; null when everybody must wait. */
function nextTurn<Demand extends BudgetDemand>(
  before: BudgetState,
  waiting: ReadonlySet<Demand>,
  by: string,
  nowMs: number,
  limits: BudgetLimits,
): Grant & { readonly next: Demand | null } {
  const held: number[] = [];
  const open = [...firstOfEachKind(waiting)].filter(({ endpoint }) => {
    const waitMs = endpointWaitMs(before, endpoint, nowMs, limits);
    if (waitMs > 0) held.push(waitMs);
    return waitMs === 0;
  });
  let state = announced(before, by, new Set(open.map(({ priority }) => priority)), nowMs);
  let waitMs = Math.min(LONGEST_LOOK_MS, ...held);
  for (const demand of open) {
    const turn = grant(state, { priority: demand.priority, endpoint: demand.endpoint, by }, nowMs, limits);
    if (turn.waitMs === 0) return { ...turn, next: demand };
    state = turn.state;
    waitMs = Math.min(waitMs, turn.waitMs);
  }
  return { state, waitMs, next: null };
}

/** Of one class and endpoint, all but the oldest wait for the oldest. */
function firstOfEachKind<Demand extends BudgetDemand>(waiting: Iterable<Demand>): Iterable<Demand> {
  const firsts = new Map<string, Demand>();
  for (const demand of waiting) {
    const kind = `${demand.priority} ${demand.endpoint}`;
    if (!firsts.has(kind)) firsts.set(kind, demand);
  }
  return firsts.values();
}
