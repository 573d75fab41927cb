import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LogSampler } from './log-sampler.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('LogSampler', () => {
  it('lets so many lines of all keys together through in a minute; the next one tells how many it held back', () => {
    const sampler = new LogSampler(10_000, 3);
    const admitted = [];
    for (let n = 0; n < 1_000; n += 1) admitted.push(sampler.admit(`key ${n}`, n));
    expect(admitted.filter((one) => one !== null)).toEqual([0, 0, 0]);
    expect(sampler.admit('another', 60_000)).toBe(997);
    expect(sampler.admit('another one', 60_001)).toBe(0);
  });

  it('has a total without being asked, also where a key may come as often as it likes', () => {
    const sampler = new LogSampler(0);
    const lines = Array.from({ length: 1_000 }, (_, n) => sampler.admit(`key ${n % 2}`, n));
    expect(lines.filter((one) => one !== null)).toHaveLength(60);
  });

  it('tells at the end of the minute, once, what it held back in it', () => {
    jest.useFakeTimers();
    const told: number[] = [];
    const sampler = new LogSampler(0, 2, (lines) => told.push(lines));
    for (let n = 0; n < 12; n += 1) sampler.admit('a', n);
    jest.advanceTimersByTime(59_999);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([10]);
    expect(sampler.admit('a', 60_000)).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not silenced by a clock that steps back', () => {
    const sampler = new LogSampler(0, 1);
    expect([sampler.admit('a', 500_000), sampler.admit('a', 500_001), sampler.admit('a', 100_000)]).toEqual([
      0,
      null,
      1,
    ]);
  });

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
    const sampler = new LogSampler(10_000, Number.POSITIVE_INFINITY);
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
