import { describe, expect, it } from '@jest/globals';
import { readMarket } from './market-text.js';

const keyOf = (text: string, threshold: string | null = null) => readMarket(text, threshold)?.key ?? null;

describe('the text of a prediction', () => {
  it.each([
    ['IY 0.5 ÜST', 'half over 0.5'],
    ['MS 2.5 ÜST', 'match over 2.5'],
    ['ms 2,5 üst', 'match over 2.5'],
    ['MS 2.50 OVER', 'match over 2.5'],
    ['FT OVER 2.5', 'match over 2.5'],
    ['MS 3 ALT', 'match under 3'],
    ['MS 3.0 Alt', 'match under 3'],
    ['ht under 1.5', 'half under 1.5'],
    ['KG VAR', 'match both-score yes'],
    ['kg var', 'match both-score yes'],
    ['IY KG YOK', 'half both-score no'],
    ['BTTS YES', 'match both-score yes'],
    ['MS BTTS NO', 'match both-score no'],
    ['MS 1', 'match result home'],
    ['MS X', 'match result draw'],
    ['MS 0', 'match result draw'],
    ['ms 2', 'match result away'],
    ['İY 1', 'half result home'],
    ['iy x', 'half result draw'],
    ['ıy 2', 'half result away'],
    ['i\u0307y 2', 'half result away'],
    ['HT AWAY', 'half result away'],
    ['  MS   1.5\u00a0ÜST ', 'match over 1.5'],
    ['MS 1.5 U\u0308ST', 'match over 1.5'],
  ])('%s is %s', (text, key) => {
    expect(keyOf(text)).toBe(key);
  });

  it.each([
    '',
    'MS',
    'MS 3',
    'MS 1X',
    'MS 2.25 ÜST',
    'MS 2.75 ÜST',
    'MS 2½ ÜST',
    'MS 2.5 UST',
    'MS 2.5',
    'MS 2.5 ÜST ALT',
    'MS 1.5 ÜST KG VAR',
    '2.5 ÜST',
    'KG',
    'BTTS',
    'KG YES',
    'Mſ 1',
    'ＭＳ 1',
    'MS -0.5 ÜST',
    'MS 100.5 ÜST',
    'constructor',
    'MS constructor',
    'MS 1'.padEnd(200),
  ])('%j is not known', (text) => {
    expect(keyOf(text, text === 'MS 2.5' ? '2.5' : null)).toBeNull();
  });

  it('has its line in the text, and the threshold counts only where it has none', () => {
    expect(keyOf('MS 2.5 ÜST', '0.5')).toBe('match over 2.5');
    expect(keyOf('MS ÜST', '3.5')).toBe('match over 3.5');
    expect(keyOf('MS ÜST', '2.0')).toBe('match over 2');
    expect(keyOf('MS ÜST', null)).toBeNull();
    expect(keyOf('MS ÜST', '2.3')).toBeNull();
    expect(keyOf('MS 1', '2.5')).toBe('match result home');
  });
});
