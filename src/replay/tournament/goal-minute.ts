import type { Period } from './tournament.js';

export interface GoalMinute {
  readonly minute: number;
  readonly offset: number;
}

const MINUTE_TEXT = /^\s*(\d{1,3})\s*['’′]?\s*(?:\+\s*(\d{0,2})\s*['’′]?)?\s*$/;

/** Reads `90` with an `offset` of 4, `"90+4"`, `"90"`, `" 45+1'"`; null when there is no usable minute. */
export function readGoalMinute(minute: unknown, offset: unknown): GoalMinute | null {
  const parts = typeof minute === 'string' ? MINUTE_TEXT.exec(minute) : null;
  const value = parts ? Number(parts[1]) : minute;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 150) return null;
  const extra = parts?.[2] ?? offset ?? 0;
  return { minute: Math.max(1, Math.floor(value)), offset: readOffset(extra) };
}

function readOffset(value: unknown): number {
  const minutes = typeof value === 'string' ? Number(value) : value;
  return typeof minutes === 'number' && minutes > 0 && minutes < 60 ? Math.floor(minutes) : 0;
}

/** The period a minute belongs to by itself. Stoppage time belongs to its half: 45+2 is the first half. */
export function periodOf({ minute }: GoalMinute): Period {
  if (minute <= 45) return 'first-half';
  return minute <= 90 ? 'second-half' : 'extra-time';
}

const BOUNDS: Record<Period, readonly [first: number, last: number]> = {
  'first-half': [1, 45],
  'second-half': [46, 90],
  'extra-time': [91, 120],
};

/** The nearest minute inside a period: 93 in a match without extra time is 90+3. */
export function movedInto(period: Period, { minute, offset }: GoalMinute): GoalMinute {
  const [first, last] = BOUNDS[period];
  if (minute < first) return { minute: first, offset: 0 };
  if (minute > last) return { minute: last, offset: Math.min(minute - last + offset, 15) };
  return { minute, offset };
}

/** A minute for a goal the file does not time: the `nth` of `count`, spread evenly over the period. */
export function spreadOver(period: Period, nth: number, count: number): GoalMinute {
  const [first, last] = BOUNDS[period];
  return { minute: first + Math.floor(((nth + 1) * (last - first)) / (count + 1)), offset: 0 };
}
