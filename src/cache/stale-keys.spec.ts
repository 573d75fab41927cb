import { describe, expect, it } from '@jest/globals';
import { StaleKeys } from './stale-keys.js';

describe('StaleKeys', () => {
  it('distrusts a key until it is deleted', () => {
    const keys = new StaleKeys(60_000);
    keys.add(['a', 'b', 'c']);
    expect(keys.take(2).map(([key]) => key)).toEqual(['a', 'b']);
    keys.forget(keys.take(2));
    expect(['a', 'b', 'c', 'd'].map((key) => keys.has(key))).toEqual([false, false, true, false]);
    expect(keys.size).toBe(1);
  });

  it('keeps a key that was distrusted again while it was being deleted', () => {
    const keys = new StaleKeys(60_000);
    keys.add(['a']);
    const deleting = keys.take(10);
    keys.add(['a']);
    keys.forget(deleting);
    expect(keys.has('a')).toBe(true);
  });

  it('distrusts every key for the longest time to live when there are too many', () => {
    let nowMs = 5;
    const keys = new StaleKeys(60_000, () => nowMs);
    keys.add(Array.from({ length: 10_001 }, (_, n) => `k${n}`));
    expect([keys.size, keys.has('anything')]).toEqual([0, true]);
    nowMs = 60_005;
    expect(keys.has('anything')).toBe(false);
  });
});
