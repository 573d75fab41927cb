import { describe, expect, it } from '@jest/globals';
import { ProviderRequestLog } from './provider-request-log.js';

function arrivedAt(times: readonly number[], capacity?: number): ProviderRequestLog {
  const log = new ProviderRequestLog(capacity);
  for (const atMs of times) log.begin('/a', '/a', {}, atMs);
  return log;
}

describe('the most requests within a window', () => {
  it.each([
    ['nothing', [], 1_000, 0],
    ['one', [5], 1_000, 1],
    ['two at once', [5, 5], 1, 2],
    ['the end of the window is outside', [0, 1_000], 1_000, 1],
    ['one millisecond inside', [0, 999], 1_000, 2],
    ['the densest part', [0, 900, 950, 1_800, 1_850, 1_880, 4_000], 1_000, 5],
  ])('are those of any position of it: %s', (_what, times, windowMs, expected) => {
    expect(arrivedAt(times).most(windowMs)).toBe(expected);
  });

  it('concern one endpoint when asked so', () => {
    const log = arrivedAt([0, 1, 2]);
    log.begin('/b', '/b', {}, 3);
    expect([log.most(10), log.most(10, '/a'), log.most(10, '/b')]).toEqual([4, 3, 1]);
  });

  it('are those that are remembered', () => {
    const log = arrivedAt([0, 0, 0, 10, 20], 2);
    expect([log.most(1), log.total, log.entries().map(({ atMs }) => atMs)]).toEqual([1, 5, [10, 20]]);
  });
});
