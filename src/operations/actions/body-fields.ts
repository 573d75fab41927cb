import type { Fields } from '../http/json-body.js';
import { RefusedError } from '../operations.errors.js';

const BAD_REQUEST = 400;
const LONGEST_ID = 255;
const LONGEST_BY = 100;
const LONGEST_REASON = 500;
const MOST_IDS = 500;
/** What every action may carry. */
const COMMON = ['by', 'reason', 'expected'];

/** A field that an action cannot take. */
export function invalidField(field: string, expected: string): RefusedError {
  return new RefusedError(BAD_REQUEST, 'LIVESCORE_INVALID_FIELD', `${field} must be ${expected}`);
}

/** Reads the fields of a body; each method throws {@link RefusedError} for what cannot be. */
export class BodyFields {
  constructor(private readonly body: Fields) {}

  /** Nothing else may stand in the body: a field that is misspelt must not do nothing. */
  refuseOthers(known: readonly string[]): void {
    const other = Object.keys(this.body).find((name) => !known.includes(name) && !COMMON.includes(name));
    if (other !== undefined) throw invalidField(JSON.stringify(other.slice(0, 40)), 'left out: there is no such field');
  }

  has(field: string): boolean {
    return this.body[field] !== undefined;
  }

  get by(): string {
    return this.text('by', LONGEST_BY);
  }

  get reason(): string {
    return this.text('reason', LONGEST_REASON);
  }

  get expected(): string | null {
    return this.has('expected') ? this.text('expected', LONGEST_BY) : null;
  }

  id(field: string): string {
    return this.text(field, LONGEST_ID);
  }

  /** Different ids; an empty list empties what it replaces. */
  ids(field: string): readonly string[] {
    const value = this.body[field];
    const isList = Array.isArray(value) && value.length <= MOST_IDS && value.every((id) => isText(id, LONGEST_ID));
    if (isList) return [...new Set(value as readonly string[])];
    throw invalidField(field, `a list of ${MOST_IDS} ids at most, each of 1 to ${LONGEST_ID} characters`);
  }

  oneOf<const Choice extends string | null>(field: string, choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.body[field]);
    if (found !== undefined) return found;
    throw invalidField(field, `one of ${choices.join(', ')}`);
  }

  /** False where it is absent. */
  flag(field: string): boolean {
    const value = this.body[field] ?? false;
    if (typeof value === 'boolean') return value;
    throw invalidField(field, 'true or false');
  }

  /** As a reader makes it. */
  read<Value>(field: string, reader: (value: unknown) => Value): Value {
    return reader(this.body[field]);
  }

  integer(field: string, first: number, last: number): number {
    const value = this.body[field];
    if (typeof value === 'number' && Number.isInteger(value) && value >= first && value <= last) return value;
    throw invalidField(field, `a whole number from ${first} to ${last}`);
  }

  private text(field: string, longest: number): string {
    const value = this.body[field];
    if (isText(value, longest)) return value.trim();
    throw invalidField(field, `a text of 1 to ${longest} characters`);
  }
}

function isText(value: unknown, longest: number): value is string {
  // no column takes the character 0
  return typeof value === 'string' && value.trim() !== '' && value.length <= longest && !value.includes('\0');
}
