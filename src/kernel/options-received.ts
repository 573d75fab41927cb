const SECRET = /password|secret|token|passphrase|credential|(^|\.)(key|cert|ca|connection)$/i;
const LONGEST = 40;

/** Tells a value that an option cannot have, in one line: short, escaped, and without secrets. */
export function describeReceived(option: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (SECRET.test(option)) return kindOf(value);
  if (typeof value === 'string') return JSON.stringify(withoutCredentials(value).slice(0, LONGEST));
  if (typeof value === 'number' || typeof value === 'boolean') return `${value} (${typeof value})`;
  return isPlainList(value) ? JSON.stringify(value.map(withoutCredentials)).slice(0, LONGEST) : kindOf(value);
}

/** Says what kind of value it is, and nothing of the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** An address tells neither who may use it nor its query, where keys stand. */
function withoutCredentials(text: string): string {
  const shown = text.replace(/(\/\/)?.*@/s, '$1***@');
  return shown.includes('://') ? shown.replace(/[?#].*/s, '?***') : shown;
}

function isPlainList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
