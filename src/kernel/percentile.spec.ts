import { describe, expect, it } from '@jest/globals';
import { percentile } from './percentile.js';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => n + 1);

  it.each([
    [[], 0.5, null],
    [[7], 0, 7],
    [[7], 1, 7],
    [[1, 2], 0.5, 1],
    [[1, 2, 3], 0.5, 2],
    [hundred, 0.95, 95],
    [hundred, 0.99, 99],
    [hundred, 1, 100],
  ])('of %j at %d is %p', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });
});
