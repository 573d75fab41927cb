import { describe, expect, it } from '@jest/globals';
import { faultsOf, limitsOf } from './verdict.js';

const CALM = { goalP99: 10, healthP99: 3, goals: 100 };
const BEFORE = { fds: 25, rssMb: 160 };

describe('the verdict on an attack', () => {
  it('is that nobody may notice it', () => {
    const limits = limitsOf(CALM, BEFORE, false);
    expect(limits).toEqual({ goalP99: 20, healthP99: 50, fds: 25, rssMb: 310 });
    expect(faultsOf({ goalP99: 20, healthP99: 50, goals: 9 }, BEFORE, limits)).toEqual([]);
    expect(faultsOf({ goalP99: 20.5, healthP99: 50.2, goals: 9 }, { fds: 26, rssMb: 400 }, limits)).toEqual([
      'p99 of goals, ms 20.5, at most 20.0',
      'p99 of health, ms 50.2, at most 50.0',
      'open files afterwards 26.0, at most 25.0',
      'resident MB afterwards 400.0, at most 310.0',
    ]);
  });

  it('does not take silence for calm', () => {
    const nothing = { goalP99: Number.POSITIVE_INFINITY, healthP99: Number.NaN, goals: 0 };
    expect(faultsOf(nothing, BEFORE, limitsOf(CALM, BEFORE, true))).toHaveLength(2);
  });

  it('has patience with a busy machine, not with descriptors', () => {
    const limits = limitsOf(CALM, BEFORE, true);
    expect([limits.goalP99, limits.healthP99, limits.fds]).toEqual([500, 500, 25]);
    expect(limitsOf({ ...CALM, healthP99: 400 }, BEFORE, true).healthP99).toBe(800);
    expect(limitsOf({ ...CALM, healthP99: 400 }, BEFORE, false).healthP99).toBe(50);
  });
});
