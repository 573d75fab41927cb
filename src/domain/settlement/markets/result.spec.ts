import { describe, expect, it } from '@jest/globals';
import { readResult } from './result.js';

const read = (...words: string[]) => readResult({ period: 'match', words, threshold: null });

describe('the result at the end of the period', () => {
  it.each([
    ['home wins with more goals', '1', 1, 0, 'won'],
    ['home loses with as many', '1', 1, 1, 'lost'],
    ['home loses with fewer', '1', 0, 1, 'lost'],
    ['a draw wins at 0-0', 'X', 0, 0, 'won'],
    ['a draw wins with as many goals', 'X', 2, 2, 'won'],
    ['a draw loses when home leads', 'X', 2, 1, 'lost'],
    ['a draw loses when away leads', '0', 1, 2, 'lost'],
    ['away wins with more goals', '2', 0, 1, 'won'],
    ['away loses with as many', '2', 0, 0, 'lost'],
    ['away loses with fewer', '2', 3, 0, 'lost'],
  ] as const)('%s, and nothing is decided before', (_name, word, home, away, atEnd) => {
    const market = read(word);
    expect(market?.atEnd({ home, away })).toBe(atEnd);
    expect(market?.inPlay({ home, away })).toBeNull();
  });

  it.each([
    ['1', 'match result home'],
    ['HOME', 'match result home'],
    ['X', 'match result draw'],
    ['0', 'match result draw'],
    ['DRAW', 'match result draw'],
    ['2', 'match result away'],
    ['AWAY', 'match result away'],
    ['3', null],
    ['1X', null],
    ['1.5 ÜST', null],
    ['1 2', null],
    ['TOSTRING', null],
    ['', null],
  ])('reads %j as %j', (text, key) => {
    expect(read(...text.split(' '))?.key ?? null).toBe(key);
  });

  it('reads nothing from no word', () => {
    expect(read()).toBeNull();
  });
});
