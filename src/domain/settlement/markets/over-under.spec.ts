import { describe, expect, it } from '@jest/globals';
import { readLine, readOverUnder } from './over-under.js';

const read = (...words: string[]) => readOverUnder({ period: 'match', words, threshold: null });

const goalsOf = (score: string) => {
  const [home = 0, away = 0] = score.split('-').map(Number);
  return { home, away };
};

describe('over and under a line', () => {
  it.each([
    ['over 0.5 is open at 0-0 and lost with it', '0.5', 'ÜST', '0-0', null, 'lost'],
    ['over 0.5 is won by the first goal', '0.5', 'ÜST', '0-1', 'won', 'won'],
    ['over 2.5 is open with two goals and lost with them', '2.5', 'OVER', '2-0', null, 'lost'],
    ['over 2.5 is won by the third goal', '2.5', 'OVER', '2-1', 'won', 'won'],
    ['under 0.5 is open at 0-0 and won with it', '0.5', 'ALT', '0-0', null, 'won'],
    ['under 0.5 is lost by the first goal', '0.5', 'ALT', '1-0', 'lost', 'lost'],
    ['under 2.5 is open with two goals and won with them', '2.5', 'UNDER', '1-1', null, 'won'],
    ['under 2.5 is lost by the third goal', '2.5', 'UNDER', '3-0', 'lost', 'lost'],
    ['over 2 is open with two goals, and void with them', '2', 'ÜST', '1-1', null, 'void'],
    ['over 2 is lost with one goal', '2', 'ÜST', '1-0', null, 'lost'],
    ['over 2 is won by the third goal', '2', 'ÜST', '0-3', 'won', 'won'],
    ['under 2 is open with two goals, and void with them', '2.0', 'ALT', '2-0', null, 'void'],
    ['under 2 is won with one goal', '2', 'ALT', '0-1', null, 'won'],
    ['under 2 is lost by the third goal', '2', 'ALT', '2-1', 'lost', 'lost'],
  ] as const)('%s', (_name, line, side, score, inPlay, atEnd) => {
    const market = read(line, side);
    expect(market?.inPlay(goalsOf(score))).toBe(inPlay);
    expect(market?.atEnd(goalsOf(score))).toBe(atEnd);
  });

  it.each([
    ['the line may stand first', ['2.5', 'ÜST'], 'match over 2.5'],
    ['the side may stand first', ['ÜST', '2.5'], 'match over 2.5'],
    ['a line may end with a zero more', ['2.50', 'ALT'], 'match under 2.5'],
    ['a line without a side is none', ['2.5', '1'], null],
    ['two sides are none', ['ÜST', 'ALT'], null],
    ['a side without a line is none', ['ÜST'], null],
    ['a third word is one too many', ['2.5', 'ÜST', '1'], null],
    ['no word is none', [], null],
  ])('%s', (_name, words, key) => {
    expect(read(...words)?.key ?? null).toBe(key);
  });

  it('takes the line of the row when the text has none, and only then', () => {
    const words = { period: 'half', threshold: 1.5 } as const;
    expect(readOverUnder({ ...words, words: ['ALT'] })?.key).toBe('half under 1.5');
    expect(readOverUnder({ ...words, words: ['0.5', 'ALT'] })?.key).toBe('half under 0.5');
    expect(readOverUnder({ ...words, words: ['HOME'] })).toBeNull();
  });

  it.each([
    ['0.5', 0.5],
    ['2,5', 2.5],
    ['3', 3],
    ['3.0', 3],
    ['3.00', 3],
    ['10.5', 10.5],
    ['2.25', null],
    ['2.3', null],
    ['100.5', null],
    ['', null],
  ])('reads %j as the line %j', (text, line) => {
    expect(readLine(text)).toBe(line);
  });
});
