const MARKED = /["\\]/g;

/** One value as it stands in the literal of an array, quoted where it is a text. */
export function element(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return String(value);
  return value.includes('"') || value.includes('\\') ? `"${value.replace(MARKED, '\\$&')}"` : `"${value}"`;
}
