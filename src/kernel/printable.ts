/** Control, format, private and unassigned characters, separators of lines, and letters that show nothing. */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Makes a text fit for one line of a terminal, a log or a page: what is not shown as itself becomes U+FFFD. Control characters
 * move the cursor, colour and erase; marks of direction turn the text around; characters without width, and separators of
 * lines, make it look like another one.
 */
export function printable(text: string): string {
  return text.replaceAll(UNSHOWN, '\uFFFD');
}

/** The same for a text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** The same with `\u001b` in place of what is not shown, as in JSON: nothing is lost. */
export function escaped(text: string): string {
  return text.replaceAll(UNSHOWN, (found) =>
    Array.from({ length: found.length }, (_, n) => `\\u${found.charCodeAt(n).toString(16).padStart(4, '0')}`).join(''),
  );
}
