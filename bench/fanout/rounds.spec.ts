import { describe, expect, it } from '@jest/globals';
import { middle, ratio, rotated } from './rounds.js';

describe('ratio', () => {
  it('is the median of what each round says, so that a slow round counts for nothing', () => {
    expect(ratio([8, 9, 400], [10, 10, 500])).toBe(0.8);
  });

  it('knows nothing where nothing was measured', () => {
    expect(ratio([], [])).toBeNull();
    expect(ratio([1], [0])).toBeNull();
  });
});

it('rotates the order of a round', () => {
  expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
});

it('rounds a median', () => {
  expect(middle([1, 2.3456, 9])).toBe(2.35);
  expect(middle([])).toBeNull();
});
