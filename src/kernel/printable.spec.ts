import { describe, expect, it } from '@jest/globals';
import { escaped, printable, printableLines } from './printable.js';

const UNSHOWN: readonly (readonly [what: string, text: string])[] = [
  ['an escape sequence', '\u001b[31m'],
  ['a C1 control', '\u009b2J'],
  ['a bell', '\u0007'],
  ['a carriage return', '\r'],
  ['a line feed', '\n'],
  ['a line separator', '\u2028'],
  ['a right-to-left override', '\u202e'],
  ['a directional isolate', '\u2066'],
  ['a space without width', '\u200b'],
  ['a byte order mark', '\ufeff'],
  ['a filler', '\u3164'],
  ['a tag character', '\u{e0041}'],
  ['half a character', '\ud800'],
];

describe('text for a terminal', () => {
  it.each(UNSHOWN)('shows %s', (_what, text) => {
    const shown = printable(`a${text}b`);
    expect(shown).toMatch(/^a\uFFFD[ -~]*b$/);
    expect(escaped(`a${text}b`)).toMatch(/^a(\\u[0-9a-f]{4})+[ -~]*b$/);
  });

  it('leaves what people read', () => {
    const text = 'Beşiktaş – Παναθηναϊκός 2:1 日本 ⚽';
    expect([printable(text), escaped(text)]).toEqual([text, text]);
  });

  it('keeps lines where they are meant', () => {
    expect(printableLines('one\ntwo\u001b')).toBe('one\ntwo\uFFFD');
  });

  it('escapes JSON into the same JSON', () => {
    const value = { id: 'm\u202e\u2028\u{e0041}1' };
    const text = escaped(JSON.stringify(value));
    expect(text).toMatch(/^[ -~]+$/);
    expect(JSON.parse(text)).toEqual(value);
  });
});
