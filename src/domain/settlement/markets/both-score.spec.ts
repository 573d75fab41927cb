import { describe, expect, it } from '@jest/globals';
import { readBothScore } from './both-score.js';

const read = (...words: string[]) => readBothScore({ period: 'match', words, threshold: null });

describe('both teams score, or not', () => {
  it.each([
    ['yes is open at 0-0 and lost with it', 'VAR', 0, 0, null, 'lost'],
    ['yes is open while one side has none, and lost with it', 'VAR', 3, 0, null, 'lost'],
    ['yes is won by the first goal of the second side', 'VAR', 1, 1, 'won', 'won'],
    ['no is open at 0-0 and won with it', 'YOK', 0, 0, null, 'won'],
    ['no is open while one side has none, and won with it', 'YOK', 0, 2, null, 'won'],
    ['no is lost by the first goal of the second side', 'YOK', 2, 1, 'lost', 'lost'],
  ] as const)('%s', (_name, answer, home, away, inPlay, atEnd) => {
    const market = read('KG', answer);
    expect(market?.inPlay({ home, away })).toBe(inPlay);
    expect(market?.atEnd({ home, away })).toBe(atEnd);
  });

  it.each([
    ['KG VAR', 'match both-score yes'],
    ['BTTS YES', 'match both-score yes'],
    ['KG YOK', 'match both-score no'],
    ['BTTS NO', 'match both-score no'],
    ['BTTS', null],
    ['KG NO', null],
    ['BTTS NO 1', null],
    ['CONSTRUCTOR', null],
    ['', null],
  ])('reads %j as %j', (text, key) => {
    expect(read(...text.split(' '))?.key ?? null).toBe(key);
  });

  it('never takes no for yes: the one holds where the other does not', () => {
    for (const [home, away] of [[0, 0] as const, [1, 0] as const, [0, 1] as const, [1, 1] as const]) {
      expect(read('BTTS', 'NO')?.atEnd({ home, away })).not.toBe(read('BTTS', 'YES')?.atEnd({ home, away }));
    }
  });
});
