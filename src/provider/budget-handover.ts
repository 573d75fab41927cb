import { type BudgetLimits, shareOf } from './budget-limits.js';
import { budgetAt, emptyBudget } from './budget-state.js';
import type { BudgetState, WindowCount } from './ports/budget-state.js';
import { countedAt, countedTimes, type WindowLimit, windowAt } from './sliding-window.js';

/** The shared budget as it was last seen. */
export interface KnownBudget {
  readonly state: BudgetState;
  /** the same moment by the clock of the store, and by the monotonic one of this process */
  readonly storeMs: number;
  readonly monotonicMs: number;
}

/** What an instance did on its own. */
export interface UsedAlone {
  /** left in the bucket of its share */
  readonly tokens: number;
  readonly requests: number;
  /** its requests, by the monotonic clock */
  readonly windows: BudgetState['windows'];
}

/**
 * What an instance goes on with alone: its part of what was left, never a new burst.
 * @param known null: never seen, so that it begins with one request
 */
export function shareOfKnown(
  known: KnownBudget | null,
  limits: BudgetLimits,
  instances: number,
  monotonicMs: number,
): BudgetState {
  if (known === null) return emptyBudget(1, monotonicMs);
  const shiftMs = known.monotonicMs - known.storeMs;
  const { tokens, windows, pause } = budgetAt(known.state, monotonicMs - shiftMs, limits);
  const share = shareOf(limits, instances);
  const counts = [...share.windows, ...[...share.endpoints.values()].flat()].flatMap((limit) => {
    const count = windows[limit.key];
    return count ? [[limit.key, partOf(count, limit, { shiftMs, instances, nowMs: monotonicMs })] as const] : [];
  });
  return {
    ...emptyBudget(tokens / instances, monotonicMs),
    pause: pause && { fromMs: pause.fromMs + shiftMs, untilMs: pause.untilMs + shiftMs },
    windows: Object.fromEntries(counts),
  };
}

/** The shared budget with what one instance did meanwhile: no burst on top of it. */
export function withUsedAlone(state: BudgetState, used: UsedAlone, monotonicMs: number, nowMs: number): BudgetState {
  const windows = withWindows(state.windows, used.windows, nowMs - monotonicMs, nowMs);
  return { ...state, tokens: Math.min(state.tokens, used.tokens), windows };
}

/** @param shiftMs added to the times of what is added */
export function withWindows(
  windows: BudgetState['windows'],
  added: BudgetState['windows'],
  shiftMs: number,
  nowMs: number,
): BudgetState['windows'] {
  const sums = Object.entries(added).map(([key, count]) => {
    const before = windowAt(windows[key] ?? { lengthMs: count.lengthMs, slots: [] }, nowMs);
    const sum = countedTimes(count).reduce(
      (total, { atMs, requests }) => countedAt(total, Math.min(atMs + shiftMs, nowMs), requests),
      before,
    );
    return [key, sum] as const;
  });
  return { ...windows, ...Object.fromEntries(sums) };
}

function partOf(
  count: WindowCount,
  { lengthMs }: WindowLimit,
  { shiftMs, instances, nowMs }: { shiftMs: number; instances: number; nowMs: number },
): WindowCount {
  return countedTimes(count).reduce<WindowCount>(
    (part, { atMs, requests }) => countedAt(part, Math.min(atMs + shiftMs, nowMs), requests / instances),
    { lengthMs, slots: [] },
  );
}
