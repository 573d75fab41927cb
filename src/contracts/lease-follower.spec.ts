import { describe, expect, it } from '@jest/globals';
import { FakeLease } from '../../test/support/fake-lease.js';
import type { IngestLease } from './ingest-lease.js';
import { followLease } from './lease-follower.js';

describe('following the lease', () => {
  const follow = (lease: IngestLease | undefined, told: string[]) =>
    followLease(lease, {
      begun: (fence) => told.push(`begun ${fence}`),
      ended: () => told.push('ended'),
      confirmed: () => told.push('confirmed'),
    });

  it('tells the begin and the end of each term, and nothing twice', () => {
    const [lease, told] = [new FakeLease(), [] as string[]];
    follow(lease, told);
    lease.lose();
    expect(told).toEqual([]);
    lease.take(1);
    lease.take(1);
    lease.take(2);
    lease.lose();
    lease.lose();
    expect(told).toEqual(['begun 1', 'confirmed', 'ended', 'begun 2', 'ended']);
  });

  it('tells everybody who follows, each from the present term until it stops', () => {
    const lease = new FakeLease(7);
    const [first, second]: [string[], string[]] = [[], []];
    const stop = follow(lease, first);
    follow(lease, second);
    stop();
    stop();
    lease.lose();
    expect([first, second]).toEqual([['begun 7'], ['begun 7', 'ended']]);
  });

  it('tells one term without a fence where nobody arbitrates', () => {
    const told: string[] = [];
    follow(undefined, told)();
    expect(told).toEqual(['begun null']);
  });
});
