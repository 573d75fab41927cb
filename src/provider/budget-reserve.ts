import type { BudgetLimits } from './budget-limits.js';
import type { Priority } from './ports/provider-lists.js';
import type { WindowLimit } from './sliding-window.js';

/** Of the burst and of the windows, the part that a class leaves to those before it, unless it is owed a turn. */
const RESERVE: Readonly<Record<Priority, number>> = { recovery: 0, live: 0, schedule: 0.2, catalogue: 0.4 };
const WINDOW_RESERVE: Readonly<Record<Priority, number>> = { recovery: 0, live: 0, schedule: 0.1, catalogue: 0.2 };

/** Tokens that stay in the bucket. */
export function bucketReserve({ burst }: BudgetLimits, priority: Priority): number {
  return Math.min(Math.round(burst * RESERVE[priority]), burst - 1);
}

/** Requests that stay in a window. */
export function windowReserve({ requests }: WindowLimit, priority: Priority): number {
  return Math.floor(requests * WINDOW_RESERVE[priority]);
}
