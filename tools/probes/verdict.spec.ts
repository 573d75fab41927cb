import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './verdict.js';

const row = (route: string, p99: number, statuses: readonly number[] = [200]) => ({
  route,
  count: 100,
  p50: 1,
  p99,
  max: p99,
  statuses,
});

const bare = row('/bare', 1);

describe('the verdict on probes', () => {
  it('finds nothing wrong with answers in time', () => {
    const rows = [row('/health', 51), row('/ready', 1)];
    expect(faultsOf({ name: 'calm', rows, bare }, true)).toEqual([]);
    expect(faultsOf({ name: 'calm', rows, bare }, false)).toHaveLength(1);
  });

  it('names routes that are late, or say what they must not say', () => {
    const rows = [row('/health', 51.1), row('/ready', 1, [200, 503]), row('/metrics', 1, [0])];
    expect(faultsOf({ name: 'saturated', rows, bare }, true)).toEqual([
      'saturated: p99 of /health is 51.1 ms, that of a bare server 1 ms',
      'saturated: /ready answered 503',
      'saturated: /metrics answered nothing',
    ]);
  });

  it('lets readiness alone say that the database hangs', () => {
    const rows = [row('/health/ready', 1, [200, 503]), row('/health/pool', 1, [503])];
    expect(faultsOf({ name: 'frozen', rows, bare }, true)).toEqual(['frozen: /health/pool answered 503']);
  });
});
