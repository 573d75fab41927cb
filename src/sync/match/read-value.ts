import { providerText } from '../../thesports/provider-text.js';
import type { StoredFixtureField } from '../ports/fixture-store.js';

/** A value, nothing said, or why it is none. */
export type Reading =
  | { readonly value: string | number | boolean }
  | { readonly value: null }
  | { readonly value: undefined; readonly why: string };

const NOTHING: Reading = { value: null };
const LONGEST_TEXT = 10_000;
const DIGITS = /^-?\d{1,15}$/;
const MOST: Readonly<Record<string, number>> = { smallint: 2 ** 15, integer: 2 ** 31 };

/** The value of a field as the table takes it. An empty text says nothing, nor does `"0"` of a reference. */
export function readValue(given: unknown, field: StoredFixtureField): Reading {
  if (given === undefined || given === null || given === '') return NOTHING;
  switch (field.kind) {
    case 'reference':
      return given === '0' || given === 0 ? NOTHING : readText(given, field);
    case 'text':
      return readText(typeof given === 'number' && Number.isFinite(given) ? String(given) : given, field);
    case 'integer':
      return readInteger(given, field);
    case 'boolean':
      return readBoolean(given);
    case 'scores':
      return readScores(given, field);
  }
}

function readText(given: unknown, { maxLength }: StoredFixtureField): Reading {
  if (typeof given !== 'string') return wrong('a text', given);
  const text = providerText(given, LONGEST_TEXT);
  if (text === undefined || (maxLength !== null && [...text].length > maxLength)) return wrong('a shorter text', given);
  return text.trim() === '' ? NOTHING : { value: text };
}

function readInteger(given: unknown, { storedAs }: StoredFixtureField): Reading {
  const number = typeof given === 'string' && DIGITS.test(given) ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return wrong('an integer', given);
  const most = MOST[storedAs] ?? Number.POSITIVE_INFINITY;
  return number >= -most && number < most ? { value: number } : wrong('a smaller number', given);
}

function readBoolean(given: unknown): Reading {
  if (typeof given === 'boolean') return { value: given };
  return given === 0 || given === 1 ? { value: given === 1 } : wrong('0 or 1', given);
}

/** A list is stored as its JSON text, which both a text column and a document take. */
function readScores(given: unknown, field: StoredFixtureField): Reading {
  if (!Array.isArray(given))
    return field.storedAs === 'jsonb' ? wrong('a list of goals', given) : readText(given, field);
  if (given.length === 0) return NOTHING;
  return given.every((count) => Number.isSafeInteger(count))
    ? readText(JSON.stringify(given), field)
    : wrong('a list of goals', given);
}

/** What was received is told by its type only. */
function wrong(expected: string, given: unknown): Reading {
  return {
    value: undefined,
    why: `${expected} was expected, received ${Array.isArray(given) ? 'a list' : typeof given}`,
  };
}
