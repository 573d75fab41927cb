import { describe, expect, it } from '@jest/globals';
import { Arrivals } from './arrivals.js';

describe('Arrivals', () => {
  it('says how long frames took, of all clients and to the last one', () => {
    const arrivals = new Arrivals(2, 2);
    for (const [client, frame, atMs] of [
      [0, 0, 101],
      [1, 0, 104],
      [0, 1, 202],
      [1, 1, 203],
    ] as const) {
      expect(arrivals.add(client, frame, atMs)).toBe(true);
    }
    expect(arrivals.missing).toBe(0);
    expect(arrivals.latencies([100, 200])).toEqual({ p50Ms: 2, p99Ms: 4, lastMs: [4, 3], spanMs: 103 });
  });

  it('leaves out what never came, and refuses what nobody expected', () => {
    const arrivals = new Arrivals(2, 1);
    arrivals.add(0, 0, 107);
    expect(arrivals.add(0, 1, 108)).toBe(false);
    expect(arrivals.add(2, 0, 108)).toBe(false);
    expect(arrivals.missing).toBe(1);
    expect(arrivals.latencies([100])).toEqual({ p50Ms: 7, p99Ms: 7, lastMs: [7], spanMs: 7 });
  });
});
