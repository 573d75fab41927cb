import { describe, expect, it } from '@jest/globals';
import { SlidingCount } from './sliding-count.js';

describe('SlidingCount', () => {
  it('counts the last seconds and forgets the older ones', () => {
    const count = new SlidingCount(60);
    count.add(0);
    count.add(500);
    count.add(30_000);
    expect(count.total(30_000)).toBe(3);
    expect(count.total(59_999)).toBe(3);
    expect(count.total(60_000)).toBe(1);
    expect(count.total(90_000)).toBe(0);
    count.add(90_000);
    expect(count.total(90_000)).toBe(1);
  });
});
