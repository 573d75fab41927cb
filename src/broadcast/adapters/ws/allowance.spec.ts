import { describe, expect, it } from '@jest/globals';
import { Allowance } from './allowance.js';

describe('Allowance', () => {
  it('fills over time, up to its most', () => {
    const allowance = new Allowance(10, 20, 0);
    expect(allowance.available(0)).toBe(20);
    allowance.spend(20);
    expect([allowance.available(0), allowance.available(99), allowance.available(100)]).toEqual([0, 0, 1]);
    expect([allowance.available(1_100), allowance.available(60_000)]).toEqual([11, 20]);
  });

  it('is owed what was spent beyond it', () => {
    const allowance = new Allowance(10, 20, 0);
    allowance.spend(30);
    expect([allowance.available(500), allowance.available(1_100)]).toEqual([0, 1]);
  });

  it('gives one at a time while there is one, and stands a clock that runs backwards', () => {
    const allowance = new Allowance(1, 2, 5_000);
    expect([allowance.take(5_000), allowance.take(4_000), allowance.take(4_000)]).toEqual([true, true, false]);
    expect(allowance.take(5_000)).toBe(true);
  });
});
