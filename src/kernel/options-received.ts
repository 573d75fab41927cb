import { printable } from './printable.js';

const SECRET = /password|secret|token|passphrase|credential|(^|\.)(key|cert|ca|connection)$|url$/i;
/** An address, or part of one: a password may be anywhere in it. */
const MAY_HOLD_SECRET = /[@:?=#]/;
const LONGEST = 40;

/** Tells a value that an option cannot have, in one line: short, escaped, and nothing that may hold a secret. */
export function describeReceived(option: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (SECRET.test(option)) return kindOf(value);
  if (typeof value === 'string') return MAY_HOLD_SECRET.test(value) ? kindOf(value) : quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return `${value} (${typeof value})`;
  return isTellable(value) ? `[${value.map(quoted)}]`.slice(0, LONGEST) : kindOf(value);
}

/** Says what kind of value it is, and nothing of the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function quoted(text: string): string {
  return printable(JSON.stringify(text.slice(0, LONGEST)));
}

function isTellable(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && !MAY_HOLD_SECRET.test(item));
}
