import { describe, expect, it } from '@jest/globals';
import { diaryCacheKey } from './cache-keys.js';

describe('diaryCacheKey', () => {
  it.each<[string | Date, number[], string]>([
    ['20260117', [], 'diary:20260117:all'],
    ['2026-01-17', [2, 10, 1], 'diary:20260117:1,10,2'],
    [new Date('2026-01-17T20:59:59Z'), [8], 'diary:20260117:8'],
    [new Date('2026-01-17T21:00:00Z'), [8], 'diary:20260118:8'],
  ])('of %s and %j is %s', (day, statuses, key) => {
    expect(diaryCacheKey(day, statuses)).toBe(key);
  });

  it.each(['', 'today', '2026-1-7', new Date(Number.NaN)])('refuses %s', (day) => {
    expect(() => diaryCacheKey(day)).toThrow('diaryCacheKey: option "day"');
  });
});
