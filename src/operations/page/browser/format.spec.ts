import { describe, expect, it } from '@jest/globals';
import { type Kind, spanText, timeText, written } from './format.js';

describe('a fact for people', () => {
  it.each<[unknown, Kind, string]>([
    [null, 'count', '–'],
    [undefined, 'text', '–'],
    [0, 'count', '0'],
    [1_234_567, 'count', '1,234,567'],
    ['1234567', 'count', '1,234,567'],
    [7.125, 'ms', '7.1 ms'],
    [1_234.5, 'ms', '1,235 ms'],
    [99.957, 'percent', '99.96 %'],
    [0.5, 'share', '50 %'],
    [12.345, 'rate', '12.3/s'],
    [Number.NaN, 'ms', '–'],
    [true, 'flag', 'yes'],
    [false, 'flag', 'no'],
    [['teams', 'players'], 'list', 'teams, players'],
    [[], 'list', '–'],
    ['li\u202eve', 'text', 'li\\u202eve'],
    [1_572_864, 'bytes', '1.5 MB'],
  ])('%p as %s is %s', (value, kind, text) => {
    expect(written(value, kind)).toBe(text);
  });

  it.each([
    [0.42, '0.4 s'],
    [59, '59 s'],
    [61, '1 min 1 s'],
    [7_325, '2 h 2 min'],
    [200_000, '2 d 7 h'],
  ])('%p seconds are %s', (seconds, text) => {
    expect(spanText(seconds)).toBe(text);
  });

  it('has its day when it is not of today', () => {
    const noon = new Date(2026, 5, 10, 12, 30, 5).getTime();
    expect(timeText(noon, noon + 1_000)).toBe('12:30:05');
    expect(timeText(noon, noon + 86_400_000)).toBe('10/06 12:30:05');
    expect(timeText(Number.NaN)).toBe('–');
  });
});
