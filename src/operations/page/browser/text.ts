import { escaped } from '../../../kernel/printable.js';

/** The longest foreign text on the page; what is longer is cut, and says so. */
const MOST_CHARACTERS = 20_000;

/**
 * Makes any value a text that may be shown: control characters, marks of direction and letters that show nothing stand as
 * `\u202e`. Every text that the page did not write itself goes through here.
 */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} … (${text.length} characters)` : text;
  return escaped(cut);
}

/** The same for a text of several lines, which stay lines. */
export function shownLines(value: string): string {
  return value.split(/\r?\n/).map(shown).join('\n');
}
