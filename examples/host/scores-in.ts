/** `[match, status, home slots, away slots, kick-off of the period]` */
export type ScoreTuple = readonly [string, number, readonly number[], readonly number[], number, ...unknown[]];

const SLOTS = 7;

/** The score tuples of one message of the feed, wherever its envelope holds them. */
export function scoresIn(payload: string): ScoreTuple[] {
  return tuplesIn(JSON.parse(payload));
}

function tuplesIn(value: unknown): ScoreTuple[] {
  if (isTuple(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(tuplesIn);
}

function isTuple(value: unknown): value is ScoreTuple {
  if (!Array.isArray(value)) return false;
  const [id, status, home, away] = value;
  return typeof id === 'string' && typeof status === 'number' && isSlots(home) && isSlots(away);
}

function isSlots(value: unknown): boolean {
  return Array.isArray(value) && value.length === SLOTS;
}
