import type { BudgetLimits } from './budget-limits.js';
import type { BudgetState, InstanceSeen } from './ports/budget-state.js';
import type { Priority } from './ports/provider-lists.js';
import { countedAt, windowAt } from './sliding-window.js';

/** Whoever waits comes back at least so often. */
export const LONGEST_LOOK_MS = 5_000;
/** So much later than announced it may come. */
export const GRACE_MS = 1_000;
const SEEN_MS = 60_000;
const MOST_INSTANCES = 100;

export function emptyBudget(tokens: number, nowMs: number): BudgetState {
  const passed = { recovery: 0, live: 0, schedule: 0, catalogue: 0 };
  return { tokens, atMs: nowMs, pause: null, inARow: 0, passed, windows: {}, seen: {} };
}

/** The state at that time. A clock that was set back costs what it shows to lie in the future, and no more. */
export function budgetAt(state: BudgetState, nowMs: number, limits: BudgetLimits): BudgetState {
  const passedMs = Math.max(0, nowMs - state.atMs);
  const tokens = Math.min(limits.burst, state.tokens + (passedMs * limits.requestsPerSecond) / 1_000);
  const windows = Object.entries(state.windows)
    .map(([key, count]) => [key, windowAt(count, nowMs)] as const)
    .filter(([, { slots }]) => slots.length > 0);
  const seen = Object.entries(state.seen)
    .map(([by, one]) => [by, instanceAt(one, nowMs)] as const)
    .filter(([, { atMs }]) => nowMs - atMs <= SEEN_MS)
    .sort(([, a], [, b]) => b.atMs - a.atMs)
    .slice(0, MOST_INSTANCES);
  const pause = pauseAt(state.pause, nowMs);
  return { ...state, tokens, atMs: nowMs, pause, windows: Object.fromEntries(windows), seen: Object.fromEntries(seen) };
}

/** Instances that asked within the last minute. */
export function instancesIn(state: BudgetState, nowMs: number): number {
  return Object.values(state.seen).filter(({ atMs }) => nowMs - atMs <= SEEN_MS).length;
}

/** The instance says which classes wait there, instead of what it said before; who waits already keeps its place. */
export function announced(state: BudgetState, by: string, waiting: Iterable<Priority>, nowMs: number): BudgetState {
  const before = state.seen[by]?.waits ?? {};
  const untilMs = nowMs + GRACE_MS;
  const waits = [...waiting].map((each) => [each, { sinceMs: before[each]?.sinceMs ?? nowMs, untilMs }]);
  return { ...state, seen: { ...state.seen, [by]: { atMs: nowMs, waits: Object.fromEntries(waits) } } };
}

/** Nobody asks for so long; a longer pause stays. */
export function paused(state: BudgetState, lengthMs: number, nowMs: number): BudgetState {
  const untilMs = Math.max(nowMs + lengthMs, state.pause?.untilMs ?? nowMs);
  return { ...state, pause: { fromMs: nowMs, untilMs } };
}

/** Milliseconds that nobody asks. */
export function pauseMs({ pause }: BudgetState, nowMs: number): number {
  return pause === null ? 0 : Math.max(0, Math.ceil(pause.untilMs - nowMs));
}

/** The request is counted in every window that it belongs to. */
export function countedIn(
  windows: BudgetState['windows'],
  endpoint: string,
  nowMs: number,
  limits: BudgetLimits,
): BudgetState['windows'] {
  const all = [...limits.windows, ...(limits.endpoints.get(endpoint) ?? [])];
  const counts = all.map(({ key, lengthMs }) => {
    const count = windows[key] ?? { lengthMs, slots: [] };
    return [key, countedAt(windowAt(count, nowMs), nowMs)] as const;
  });
  return { ...windows, ...Object.fromEntries(counts) };
}

function instanceAt({ atMs, waits }: InstanceSeen, nowMs: number): InstanceSeen {
  const latestMs = nowMs + LONGEST_LOOK_MS + GRACE_MS;
  const valid = Object.entries(waits)
    // later than anybody announces: by a clock that was set back since
    .filter(([, { untilMs }]) => untilMs > nowMs && untilMs <= latestMs)
    .map(([priority, { sinceMs, untilMs }]) => [priority, { sinceMs: Math.min(sinceMs, nowMs), untilMs }]);
  return { atMs: Math.min(atMs, nowMs), waits: Object.fromEntries(valid) };
}

function pauseAt(pause: BudgetState['pause'], nowMs: number): BudgetState['pause'] {
  if (pause === null || pause.untilMs <= nowMs) return null;
  if (nowMs >= pause.fromMs) return pause;
  return { fromMs: nowMs, untilMs: nowMs + (pause.untilMs - pause.fromMs) };
}
