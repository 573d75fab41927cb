import type { Scheduler } from '../../../kernel/scheduler.js';

const SHORTEST_MS = 50;
const LONGEST_MS = 2_000;

/**
 * The pause after so many failures, 1 being the first: any time up to a growing bound, so that instances that lost the
 * same Redis do not come back together.
 */
export function reconnectPauseMs(failures: number, scheduler: Pick<Scheduler, 'random'>): number {
  const boundMs = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures, 16));
  return SHORTEST_MS + scheduler.random() * (boundMs - SHORTEST_MS);
}
