import { isFields } from '../kernel/fields.js';
import { emptyBudget } from './budget-state.js';
import type { BudgetState, InstanceSeen, WindowCount } from './ports/budget-state.js';
import { PRIORITIES, type Priority } from './ports/provider-lists.js';

/** The state in what a store holds; null when it is none: somebody has written into the row by hand. */
export function readBudgetState(value: unknown): BudgetState | null {
  if (!isFields(value) || !isAmount(value.tokens) || !isTime(value.atMs)) return null;
  const { tokens, atMs } = value;
  return {
    ...emptyBudget(tokens, atMs),
    inARow: isAmount(value.inARow) ? value.inARow : 0,
    pause: readPause(value.pause),
    passed: Object.fromEntries(PRIORITIES.map((priority) => [priority, amountOf(value.passed, priority)])) as Record<
      Priority,
      number
    >,
    windows: entries(value.windows, readWindow),
    seen: entries(value.seen, readInstance),
  };
}

function readPause(value: unknown): BudgetState['pause'] {
  if (!isFields(value) || !isTime(value.fromMs) || !isTime(value.untilMs)) return null;
  return { fromMs: value.fromMs, untilMs: value.untilMs };
}

function readWindow(value: unknown): WindowCount | null {
  if (!isFields(value) || !isAmount(value.lengthMs) || value.lengthMs === 0 || !Array.isArray(value.slots)) return null;
  const slots = value.slots.filter((slot): slot is [number, number] => {
    return Array.isArray(slot) && Number.isInteger(slot[0]) && isAmount(slot[1]);
  });
  return { lengthMs: value.lengthMs, slots: slots.map(([slot, requests]) => [slot, requests]) };
}

function readInstance(value: unknown): InstanceSeen | null {
  if (!isFields(value) || !isTime(value.atMs)) return null;
  const waits = PRIORITIES.flatMap((priority) => {
    const waits = isFields(value.waits) ? value.waits[priority] : null;
    if (!isFields(waits) || !isTime(waits.sinceMs) || !isTime(waits.untilMs)) return [];
    return [[priority, { sinceMs: waits.sinceMs, untilMs: waits.untilMs }] as const];
  });
  return { atMs: value.atMs, waits: Object.fromEntries(waits) };
}

function entries<T>(value: unknown, read: (entry: unknown) => T | null): Readonly<Record<string, T>> {
  if (!isFields(value)) return {};
  const good = Object.entries(value).flatMap(([key, entry]) => {
    const understood = read(entry);
    return understood === null ? [] : [[key, understood] as const];
  });
  return Object.fromEntries(good);
}

function amountOf(value: unknown, key: string): number {
  const amount = isFields(value) ? value[key] : null;
  return isAmount(amount) ? amount : 0;
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value);
}

function isAmount(value: unknown): value is number {
  return isTime(value) && value >= 0;
}
