import { escaped } from './printable.js';
import { tellsError, toldError } from './told-error.js';

/**
 * Fields of a log line: every text in them, at any depth, shows its control and format characters as `\u202e`; what tells an error
 * loses addresses, hosts, users and secrets.
 */
export function logFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, logField(name, value)]));
}

/** The value of a field of that name. */
export function logField(name: string, value: unknown): unknown {
  return logValue(tellsError(name) ? toldError(value) : value);
}

export function logValue(value: unknown): unknown {
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return value.map(logValue);
  return isPlain(value) ? logFields(value) : value;
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
