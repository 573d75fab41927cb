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

/** Most entries clear nothing, and need no fallback: they share these. */
const NO_COLUMNS: readonly string[] = Object.freeze([]);
const NO_FALLBACKS: Readonly<Record<string, string>> = Object.freeze({});

/** Reads one entry. Names that no field asks for are ignored; one wrong type refuses the entry, and no other. */
export function readItem(item: ListEntry, fields: readonly StoredField[]): EntityRow | RefusedItem {
  const externalId = readId(item.id);
  if (externalId === null) return { externalId, reason: 'id: a text of 1 to 255 characters was expected' };
  const values: Record<string, FieldValue> = {};
  let cleared = NO_COLUMNS;
  let fallbacks = NO_FALLBACKS;
  for (const field of fields) {
    const { column } = field;
    const said = readField(item, field);
    if (said instanceof Wrong) return { externalId, reason: `${column}: ${said.why}` };
    if (said !== SILENT && said !== NONE) {
      values[column] = said;
      continue;
    }
    if (said === NONE) cleared = [...cleared, column];
    if (field.fallback) fallbacks = { ...fallbacks, [column]: fallbackOf(item, field.fallback) };
  }
  return { externalId, updatedAtS: readTime(item.updated_at), values, cleared, fallbacks };
}

export function isRefused(row: EntityRow | RefusedItem): row is RefusedItem {
  return 'reason' in row;
}

/** The entry says nothing of a field. */
const SILENT = undefined;
/** It says that there is none. */
const NONE = null;

/** A value that the column cannot take. */
class Wrong {
  constructor(readonly why: string) {}
}

type Said = FieldValue | typeof SILENT | typeof NONE | Wrong;

function readField(item: ListEntry, field: StoredField): Said {
  let last: Said = SILENT;
  for (const name of field.from) {
    const given = Object.hasOwn(item, name) ? item[name] : undefined;
    last = field.isPresence ? readPresence(given) : readValue(given, field);
    if (last !== SILENT && last !== NONE) return last;
  }
  return last;
}

function readPresence(given: unknown): Said {
  if (given === undefined || given === null) return SILENT;
  return typeof given === 'string' ? !isEmpty(given) : wrong('a text', given);
}

function readValue(given: unknown, field: StoredField): Said {
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
      return typeof given === 'object' && !hasNul(given) ? given : wrong('a list or an object without NUL', given);
  }
}

function readText(given: unknown, maxLength: number | null): Said {
  if (typeof given !== 'string') return wrong('a text', given);
  if (NUL.test(given)) return new Wrong('it has a NUL character');
  if (maxLength === null || given.length <= maxLength) return given;
  const length = [...given].length;
  return length <= maxLength ? given : new Wrong(`at most ${maxLength} characters fit, received ${length}`);
}

function readInteger(given: unknown, bytes: number): Said {
  if (!Number.isSafeInteger(given)) return wrong('an integer', given);
  const value = given as number;
  const most = 2 ** (8 * bytes - 1);
  return value >= -most && value < most ? value : wrong(`an integer of ${bytes} bytes`, given);
}

function readBoolean(given: unknown): Said {
  if (given === 0 || given === 1) return given === 1;
  return typeof given === 'boolean' ? given : wrong('0 or 1', given);
}

function wrong(expected: string, given: unknown): Wrong {
  const received = Array.isArray(given) ? 'list' : typeof given === 'string' ? 'text' : typeof given;
  return new Wrong(`${expected} was expected, received ${received}`);
}

function readId(id: unknown): string | null {
  return typeof id === 'string' && id.trim() !== '' && id.length <= LONGEST_ID && !NUL.test(id) ? id : null;
}

/** A time that is none is no reason to refuse an entry: it is read again with every run. */
function readTime(given: unknown): number | null {
  return Number.isSafeInteger(given) && (given as number) > 0 && (given as number) < 2 ** 40 ? (given as number) : null;
}

function fallbackOf(item: ListEntry, { from, text }: NonNullable<EntityField['fallback']>): string {
  const said = from.map((name) => item[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof said === 'string' ? said : text;
}

function isEmpty(text: string): boolean {
  return text === '' || text === '0';
}

function hasNul(document: object): boolean {
  return JSON.stringify(document).includes('\\u0000');
}
