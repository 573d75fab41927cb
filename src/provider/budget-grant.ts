import type { BudgetLimits } from './budget-limits.js';
import { bucketReserve, windowReserve } from './budget-reserve.js';
import { budgetAt, countedIn, GRACE_MS, LONGEST_LOOK_MS, pauseMs } from './budget-state.js';
import type { BudgetState, Waits, WindowCount } from './ports/budget-state.js';
import { PRIORITIES, type Priority } from './ports/provider-lists.js';
import { type WindowLimit, windowWaitMs } from './sliding-window.js';

/** Who asks for the right to send one request. */
export interface BudgetAsk {
  readonly priority: Priority;
  readonly endpoint: string;
  /** the instance */
  readonly by: string;
}

export interface Grant {
  readonly state: BudgetState;
  /** 0: granted; otherwise ask again then, whole ms */
  readonly waitMs: number;
}

/** Of five turns one goes to a lower class that waits. */
const TURNS_IN_A_ROW = 4;
const LEAST_LOOK_MS = 20;
/** Of a sum of many small parts. */
const ROUNDING = 1e-6;

/**
 * Decides about one request. Higher classes go first, and lower ones leave a reserve; but of five turns one goes to a lower
 * class that waits, to the one that others passed most often. Who waits in any instance counts; inside a class the instance
 * goes first that waits longest.
 */
export function grant(before: BudgetState, ask: BudgetAsk, nowMs: number, limits: BudgetLimits): Grant {
  const state = budgetAt(before, nowMs, limits);
  const waitMs = waitFor(state, ask, nowMs, limits);
  if (waitMs === 0) return { state: granted(state, ask, nowMs, limits), waitMs };
  // whom only its own endpoint keeps from asking holds nobody else up
  const isHeld = endpointWaitMs(state, ask.endpoint, nowMs, limits) > 0;
  const sinceMs = state.seen[ask.by]?.waits[ask.priority]?.sinceMs ?? nowMs;
  const untilMs = nowMs + Math.min(waitMs, LONGEST_LOOK_MS) + GRACE_MS;
  return { state: withWaits(state, ask, nowMs, isHeld ? null : { sinceMs, untilMs }), waitMs };
}

/** Milliseconds until the endpoint's own windows let a request through. */
export function endpointWaitMs(state: BudgetState, endpoint: string, nowMs: number, limits: BudgetLimits): number {
  const windows = limits.endpoints.get(endpoint) ?? [];
  return Math.ceil(Math.max(0, ...windows.map((limit) => windowWaitMs(countOf(state, limit), limit.requests, nowMs))));
}

function waitFor(state: BudgetState, ask: BudgetAsk, nowMs: number, limits: BudgetLimits): number {
  const { priority, endpoint } = ask;
  const turn = turnOf(state, priority);
  const isOwed = turn === priority && Math.min(state.inARow, state.passed[priority]) >= TURNS_IN_A_ROW;
  const windows = limits.windows.map((limit) => {
    const most = limit.requests - (isOwed ? 0 : windowReserve(limit, priority));
    return windowWaitMs(countOf(state, limit), most, nowMs);
  });
  return Math.ceil(
    Math.max(
      pauseMs(state, nowMs),
      tokensWaitMs(state, 1 + (isOwed ? 0 : bucketReserve(limits, priority)), limits),
      endpointWaitMs(state, endpoint, nowMs, limits),
      ...windows,
      turn === priority
        ? olderWaitMs(state, ask, nowMs, limits)
        : othersTurnMs(waitsOf(state, turn), state, nowMs, limits),
    ),
  );
}

/** Whose turn it is among the classes that wait anywhere, and the one that asks. */
function turnOf(state: BudgetState, asking: Priority): Priority {
  const waiting = PRIORITIES.filter((priority) => priority === asking || waitsOf(state, priority).length > 0);
  const [first = asking, ...lower] = waiting;
  if (state.inARow < TURNS_IN_A_ROW || lower.length === 0) return first;
  return lower.reduce((owed, priority) => (state.passed[priority] > state.passed[owed] ? priority : owed));
}

/** 0 when no other instance has waited longer in that class. */
function olderWaitMs(state: BudgetState, { by, priority }: BudgetAsk, nowMs: number, limits: BudgetLimits): number {
  const ownMs = state.seen[by]?.waits[priority]?.sinceMs ?? nowMs;
  const older = waitsOf(state, priority, by).filter(({ sinceMs }) => sinceMs < ownMs);
  return older.length === 0 ? 0 : othersTurnMs(older, state, nowMs, limits);
}

/** How soon to look again when it is another's turn: when that one has come, or does not come any more. */
function othersTurnMs(others: readonly Waits[], state: BudgetState, nowMs: number, limits: BudgetLimits): number {
  const goneMs = Math.max(...others.map(({ untilMs }) => untilMs)) - nowMs;
  return Math.min(goneMs, Math.max(LEAST_LOOK_MS, tokensWaitMs(state, 2, limits)));
}

function tokensWaitMs({ tokens }: BudgetState, needed: number, { requestsPerSecond, burst }: BudgetLimits): number {
  const missing = Math.min(needed, burst) - tokens;
  return missing <= ROUNDING ? 0 : (missing * 1_000) / requestsPerSecond;
}

function granted(state: BudgetState, ask: BudgetAsk, nowMs: number, limits: BudgetLimits): BudgetState {
  const { priority, endpoint } = ask;
  const place = PRIORITIES.indexOf(priority);
  const isLowest = place === PRIORITIES.length - 1;
  const overtakes = PRIORITIES.slice(0, place).some((higher) => waitsOf(state, higher).length > 0);
  const passed = PRIORITIES.map((each) => [each, each === priority ? 0 : state.passed[each] + 1]);
  return {
    ...withWaits(state, ask, nowMs, null),
    tokens: Math.max(0, state.tokens - 1),
    inARow: overtakes || isLowest ? 0 : Math.min(state.inARow + 1, TURNS_IN_A_ROW),
    passed: Object.fromEntries(passed),
    windows: countedIn(state.windows, endpoint, nowMs, limits),
  };
}

/** @param waits null: the class does not wait there any more */
function withWaits(state: BudgetState, { by, priority }: BudgetAsk, nowMs: number, waits: Waits | null): BudgetState {
  const { [priority]: _before, ...others } = state.seen[by]?.waits ?? {};
  const all = waits === null ? others : { ...others, [priority]: waits };
  return { ...state, seen: { ...state.seen, [by]: { atMs: nowMs, waits: all } } };
}

/** The instances in which the class waits. @param but is left out */
function waitsOf({ seen }: BudgetState, priority: Priority, but?: string): readonly Waits[] {
  return Object.entries(seen).flatMap(([by, { waits }]) => {
    const one = waits[priority];
    return one && by !== but ? [one] : [];
  });
}

function countOf({ windows }: BudgetState, { key, lengthMs }: WindowLimit): WindowCount {
  return windows[key] ?? { lengthMs, slots: [] };
}
