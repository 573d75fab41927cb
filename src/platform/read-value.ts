import { NO_CORNER_DATA, type Slots } from '../domain/score.js';

/** A row as the driver returns it, with `external_id`: bigint and numeric as text, other types as the host has them. */
export type PlatformRow = Readonly<Record<string, unknown>>;

/** A column of a match row holds a value that cannot be what the column means. Readers never pass such a row on. */
export class UnreadableValueError extends Error {
  readonly code = 'LIVESCORE_UNREADABLE_VALUE';

  /** @param kind what the value is; the value itself is never told */
  constructor(
    readonly matchId: string,
    readonly column: string,
    readonly kind: string,
  ) {
    super(
      `Column ts_matches.${column} of match ${matchId} holds ${kind}: correct the value, or the type of the column`,
    );
    this.name = new.target.name;
  }
}

/** What a mapper makes of each row. A row with an unreadable value is told, and left out: nobody may judge by it. */
export function readRows<Row extends PlatformRow, Read>(
  rows: readonly Row[],
  read: (row: Row) => Read,
  refused: (error: UnreadableValueError) => void,
): readonly Read[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (error) {
      if (!(error instanceof UnreadableValueError)) throw error;
      refused(error);
      return [];
    }
  });
}

/** Whole numbers, also as `bigint`, `numeric` or `text` columns give them: `7`, `"7"`, `"7.00"`. */
const NUMBER = /^-?\d+(\.\d+)?$/;
const DECIMAL = /^-?\d{1,15}(\.0+)?$/;

/** The whole number of a column, null for NULL. @throws UnreadableValueError */
export function readInteger(row: PlatformRow, column: string): number | null {
  const value = row[column] ?? null;
  if (value === null) return null;
  const number = toInteger(value);
  if (number === null) throw new UnreadableValueError(String(row.external_id), column, kindOf(value));
  return number;
}

/** The count of a column, null for NULL and for corners without data. @throws UnreadableValueError */
export function readCount(row: PlatformRow, column: string): number | null {
  const number = readInteger(row, column);
  if (number === NO_CORNER_DATA && column.endsWith('_corners')) return null;
  if (number !== null && number < 0)
    throw new UnreadableValueError(String(row.external_id), column, 'a negative number');
  return number;
}

/** The text of a column, null for NULL. @throws UnreadableValueError */
export function readText(row: PlatformRow, column: string): string | null {
  const value = row[column] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new UnreadableValueError(String(row.external_id), column, kindOf(value));
}

/** A whole number, or its decimal text; null for anything else. */
export function toInteger(value: unknown): number | null {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/**
 * Seven slots from a JSON value, its text, or its text inside JSON; null for anything else. Without corner data there
 * are no corners.
 */
export function toSlots(value: unknown): Slots | null {
  const array = parsed(parsed(value));
  if (!Array.isArray(array) || array.length !== 7) return null;
  const slots = array.map((slot, n) => (n === 4 && slot === NO_CORNER_DATA ? 0 : toInteger(slot)));
  return slots.every((slot) => slot !== null && slot >= 0) ? (slots as unknown as Slots) : null;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return NUMBER.test(value) ? kindOf(Number(value)) : 'text that is no number';
  if (typeof value !== 'number') return value instanceof Date ? 'a date' : `a value of type ${typeof value}`;
  if (Number.isNaN(value)) return 'a number that is none';
  if (!Number.isInteger(value)) return 'a fraction';
  return Number.isSafeInteger(value) ? 'a number' : 'a number too large';
}
