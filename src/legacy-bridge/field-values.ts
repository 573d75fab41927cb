import type { Slots } from '../domain/score.js';
import { jsonIn } from '../kernel/json.js';
import { toInteger as wholeNumber } from '../platform/read-value.js';

const SLOTS = 7;
const MAX_COUNT = 32_767;

/** A count of goals, cards or corners; integers that arrive as text are taken. */
export function toCount(value: unknown): number | null {
  const count = toInteger(value);
  return count !== null && count <= MAX_COUNT ? count : null;
}

/** An integer of at least 0, or its decimal text (as `bigint` columns are read); null for anything else. */
export function toInteger(value: unknown): number | null {
  const number = wholeNumber(value);
  return number !== null && number >= 0 ? number : null;
}

/** Seven counts, as an array or its JSON text. */
export function toSlots(value: unknown): Slots | null {
  const array = typeof value === 'string' ? jsonIn(value) : value;
  if (!Array.isArray(array) || array.length !== SLOTS) return null;
  return array.every((slot) => typeof slot === 'number' && toCount(slot) !== null) ? (array as unknown as Slots) : null;
}
