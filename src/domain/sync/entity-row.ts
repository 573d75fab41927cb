import type { EntityField } from './entity-definition.js';

/** One entry of a list, with the provider's own field names. */
export type ListEntry = Readonly<Record<string, unknown>>;

/** A field as the platform's table takes it. */
export interface StoredField extends EntityField {
  /** of a text column with a limit, characters; null without one */
  readonly maxLength: number | null;
  /** of an integer column: 2 bytes, 4 or 8 */
  readonly bytes: number;
}

/** A document is an object or a list. */
export type FieldValue = string | number | boolean | object;

/** One entry of the provider, ready for the table. */
export interface EntityRow {
  readonly externalId: string;
  /** the provider's `updated_at`, unix seconds; null without one */
  readonly updatedAtS: number | null;
  /** column → value; a column that the entry says nothing of is absent */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** columns that the entry clears */
  readonly cleared: readonly string[];
  /** column → what a new row gets where `values` has none */
  readonly fallbacks: Readonly<Record<string, string>>;
}

/** Why an entry cannot become a row. */
export interface RefusedItem {
  /** null when it has none that can be used */
  readonly externalId: string | null;
  /** `capacity: an integer was expected, received text` */
  readonly reason: string;
}

const LONGEST_ID = 255;
/** PostgreSQL stores no NUL in texts. */
const NUL = /\0/;

/** Reads one entry. Names that no field asks for are ignored; one wrong type refuses the entry, and no other. */
export function readItem(item: ListEntry, fields: readonly StoredField[]): EntityRow | RefusedItem {
  const externalId = readId(item.id);
  if (externalId === null) return { externalId, reason: 'id: a text of 1 to 255 characters was expected' };
  const values: Record<string, FieldValue> = {};
  const cleared: string[] = [];
  const fallbacks: Record<string, string> = {};
  for (const field of fields) {
    const read = readField(item, field);
    if (read.kind === 'wrong') return { externalId, reason: `${field.column}: ${read.why}` };
    if (read.kind === 'value') values[field.column] = read.value;
    if (read.kind === 'none') cleared.push(field.column);
    if (read.kind !== 'value' && field.fallback) fallbacks[field.column] = fallbackOf(item, field);
  }
  return { externalId, updatedAtS: readTime(item.updated_at), values, cleared, fallbacks };
}

export function isRefused(row: EntityRow | RefusedItem): row is RefusedItem {
  return 'reason' in row;
}

type Reading =
  | { readonly kind: 'value'; readonly value: FieldValue }
  /** the entry says nothing */
  | { readonly kind: 'silent' }
  /** it says that there is none */
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong'; readonly why: string };

const SILENT: Reading = { kind: 'silent' };
const NONE: Reading = { kind: 'none' };

function readField(item: ListEntry, field: StoredField): Reading {
  let last: Reading = SILENT;
  for (const name of field.from) {
    const given = Object.hasOwn(item, name) ? item[name] : undefined;
    last = field.isPresence ? readPresence(given) : readValue(given, field);
    if (last.kind === 'value' || last.kind === 'wrong') return last;
  }
  return last;
}

function readPresence(given: unknown): Reading {
  if (given === undefined || given === null) return SILENT;
  return typeof given === 'string' ? { kind: 'value', value: !isEmpty(given) } : wrong('a text', given);
}

function readValue(given: unknown, field: StoredField): Reading {
  if (given === undefined || given === null) return SILENT;
  if (given === '' || (field.clears && (given === '0' || given === 0))) return field.clears ? NONE : SILENT;
  switch (field.kind) {
    case 'text':
      return readText(given, field.maxLength);
    case 'integer':
      return readInteger(given, field.bytes);
    case 'boolean':
      return readBoolean(given);
    case 'document':
      return typeof given === 'object' && given !== null && !hasNul(given)
        ? { kind: 'value', value: given as object }
        : wrong('a list or an object without NUL', given);
  }
}

function readText(given: unknown, maxLength: number | null): Reading {
  if (typeof given !== 'string') return wrong('a text', given);
  if (NUL.test(given)) return { kind: 'wrong', why: 'it has a NUL character' };
  if (maxLength === null || given.length <= maxLength) return { kind: 'value', value: given };
  const length = [...given].length;
  if (length <= maxLength) return { kind: 'value', value: given };
  return { kind: 'wrong', why: `at most ${maxLength} characters fit, received ${length}` };
}

function readInteger(given: unknown, bytes: number): Reading {
  if (!Number.isSafeInteger(given)) return wrong('an integer', given);
  const value = given as number;
  const most = 2 ** (8 * bytes - 1);
  return value >= -most && value < most ? { kind: 'value', value } : wrong(`an integer of ${bytes} bytes`, given);
}

function readBoolean(given: unknown): Reading {
  if (given === 0 || given === 1) return { kind: 'value', value: given === 1 };
  return typeof given === 'boolean' ? { kind: 'value', value: given } : wrong('0 or 1', given);
}

function wrong(expected: string, given: unknown): Reading {
  const received = Array.isArray(given) ? 'list' : typeof given === 'string' ? 'text' : typeof given;
  return { kind: 'wrong', why: `${expected} was expected, received ${received}` };
}

function readId(id: unknown): string | null {
  return typeof id === 'string' && id.trim() !== '' && id.length <= LONGEST_ID && !NUL.test(id) ? id : null;
}

/** A time that is none is no reason to refuse an entry: it is read again with every run. */
function readTime(given: unknown): number | null {
  return Number.isSafeInteger(given) && (given as number) > 0 && (given as number) < 2 ** 40 ? (given as number) : null;
}

function fallbackOf(item: ListEntry, { fallback }: EntityField): string {
  const said = fallback?.from.map((name) => item[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof said === 'string' ? said : (fallback?.text ?? '');
}

function isEmpty(text: string): boolean {
  return text === '' || text === '0';
}

function hasNul(document: unknown): boolean {
  return JSON.stringify(document).includes('\\u0000');
}
