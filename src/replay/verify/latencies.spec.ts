import { describe, expect, it } from '@jest/globals';
import { percentiles } from './latencies.js';

describe('percentiles', () => {
  it('takes the smallest sample that the share does not exceed, with two decimals', () => {
    expect(percentiles(Array.from({ length: 100 }, (_, n) => n + 1.004))).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(percentiles([2.7349])).toEqual({ p50: 2.73, p95: 2.73, p99: 2.73 });
  });

  it('has none without samples', () => {
    expect(percentiles([])).toEqual({ p50: null, p95: null, p99: null });
  });
});
