import { describe, expect, it } from '@jest/globals';
import { LogSampler } from './log-sampler.js';

describe('LogSampler', () => {
  it('lets one line per key and period through and tells how many it held back', () => {
    const sampler = new LogSampler(10_000);
    expect(sampler.admit('a', 0)).toBe(0);
    expect(sampler.admit('a', 1)).toBeNull();
    expect(sampler.admit('b', 1)).toBe(0);
    expect(sampler.admit('a', 9_999)).toBeNull();
    expect(sampler.admit('a', 10_000)).toBe(2);
    expect(sampler.admit('a', 20_000)).toBe(0);
  });

  it('keeps a bounded number of keys', () => {
    const sampler = new LogSampler(10_000);
    for (let key = 0; key < 1_000; key += 1) expect(sampler.admit(String(key), 0)).toBe(0);
    expect(sampler.admit('999', 0)).toBeNull();
  });

  it('lets everything through after a reset, and when the clock steps back by more than the period', () => {
    const sampler = new LogSampler(10_000);
    sampler.admit('a', 50_000);
    expect(sampler.admit('a', 30_000)).toBe(0);
    sampler.reset();
    expect(sampler.admit('a', 30_001)).toBe(0);
  });
});
