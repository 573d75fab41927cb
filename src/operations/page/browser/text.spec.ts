import { describe, expect, it } from '@jest/globals';
import { shown, shownLines } from './text.js';

describe('a foreign text', () => {
  it.each([
    ['Galatasaray – Fenerbahçe', 'Galatasaray – Fenerbahçe'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['a\u0000b\u001b[2Jc', 'a\\u0000b\\u001b[2Jc'],
    ['two\nlines\u2028three', 'two\\u000alines\\u2028three'],
    [null, 'null'],
    [undefined, ''],
    [{ a: '\u200b' }, '{"a":"\\u200b"}'],
  ])('%j is shown as %j', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('keeps its lines where lines are wanted', () => {
    expect(shownLines('one\r\ntwo\u0007')).toBe('one\ntwo\\u0007');
  });

  it('is cut when it is endless', () => {
    const text = shown('x'.repeat(30_000));
    expect(text).toHaveLength(20_000 + ' … (30000 characters)'.length);
  });
});
