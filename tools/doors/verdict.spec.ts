import { describe, expect, it } from '@jest/globals';
import { faultsOf, limitsOf } from './verdict.js';

const CALM = { goalP99: 10, changeP99: 9, answerP99: 20, healthP99: 3, goals: 100 };
const BEFORE = { fds: 25, rssMb: 160, perSecond: 50 };

describe('the verdict on an attack', () => {
  it('is that nobody may notice it', () => {
    const limits = limitsOf(CALM, BEFORE, false);
    expect(limits).toEqual({
      goalP99: 20,
      changeP99: 18,
      answerP99: 100,
      healthP99: 50,
      fds: 25,
      rssMb: 310,
      perSecond: 270,
    });
    const felt = { goalP99: 20, changeP99: 18, answerP99: 100, healthP99: 50, goals: 9 };
    expect(faultsOf(felt, BEFORE, limits)).toEqual([]);
    const noticed = { goalP99: 20.5, changeP99: 18.5, answerP99: 101, healthP99: 50.2, goals: 9 };
    expect(faultsOf(noticed, { fds: 26, rssMb: 400, perSecond: 271 }, limits)).toEqual([
      'p99 of goals, ms 20.5, at most 20.0',
      'p99 of changes, ms 18.5, at most 18.0',
      'p99 of answers, ms 101.0, at most 100.0',
      'p99 of health, ms 50.2, at most 50.0',
      'open files afterwards 26.0, at most 25.0',
      'resident MB afterwards 400.0, at most 310.0',
      'transactions a second 271.0, at most 270.0',
    ]);
  });

  it('does not take silence for calm', () => {
    const nothing = {
      goalP99: Number.POSITIVE_INFINITY,
      changeP99: Number.POSITIVE_INFINITY,
      answerP99: Number.POSITIVE_INFINITY,
      healthP99: Number.NaN,
      goals: 0,
    };
    expect(faultsOf(nothing, BEFORE, limitsOf(CALM, BEFORE, true))).toHaveLength(4);
  });

  it('has patience with a busy machine, not with descriptors and the database', () => {
    const limits = limitsOf(CALM, BEFORE, true);
    expect([limits.goalP99, limits.changeP99, limits.answerP99, limits.healthP99]).toEqual([500, 500, 500, 3_500]);
    expect([limits.fds, limits.perSecond]).toEqual([25, 270]);
    expect(limitsOf({ ...CALM, healthP99: 400 }, BEFORE, false).healthP99).toBe(50);
  });
});
