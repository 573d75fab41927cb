import { describe, expect, it } from '@jest/globals';
import { leastHalfS, matchFormatText, readMatchFormat, STANDARD_FORMAT } from './match-format.js';

describe('the format of a match', () => {
  it.each([
    ['2x45', 45, 15],
    ['2x40', 40, 15],
    ['2x35', 35, 15],
    ['2x30', 30, 15],
    ['2x45+2x10', 45, 10],
    ['2x30+2x15', 30, 15],
  ])('%s is read, and written again', (text, halfMinutes, extraHalfMinutes) => {
    const format = readMatchFormat(text);
    expect(format).toEqual({ halfMinutes, extraHalfMinutes });
    expect(format && readMatchFormat(matchFormatText(format))).toEqual(format);
  });

  it.each(['3x30', '2x20', '2x45+2x5', '2x45+1x15', '45', '', ' 2x45', null, 45])('%p is no known format', (text) => {
    expect(readMatchFormat(text)).toBeNull();
  });

  it('a half of the standard format has at least 40 minutes of play', () => {
    expect(leastHalfS(STANDARD_FORMAT)).toBe(2_400);
    expect(leastHalfS({ halfMinutes: 30, extraHalfMinutes: 15 })).toBe(1_500);
  });
});
