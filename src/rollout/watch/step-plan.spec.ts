import { describe, expect, it } from '@jest/globals';
import type { RolloutSetting } from '../ports/rollout-store.js';
import { FIRST_SETTING } from '../routing/route-rules.js';
import { nextPercent } from './step-plan.js';

describe('nextPercent', () => {
  const CANARY: RolloutSetting = {
    ...FIRST_SETTING,
    stage: 'canary',
    percent: 1,
    stepPlan: [
      { percent: 10, soakS: 60 },
      { percent: 1, soakS: 30 },
      { percent: 50, soakS: 120 },
      { percent: 100, soakS: 0 },
    ],
  };
  const next = (changes: Partial<RolloutSetting>, healthyS: number) =>
    nextPercent({ ...CANARY, ...changes }, healthyS * 1000);

  it.each([
    [1, 29, null],
    [1, 30, 10],
    [10, 59, null],
    [10, 60, 50],
    [5, 30, 10],
    [0, 29, null],
    [0, 30, 1],
    [50, 120, 100],
    [100, 9_999, null],
  ])('at %i %% after %i s: %p', (percent, healthyS, expected) => {
    expect(next({ percent }, healthyS)).toBe(expected);
  });

  it('does nothing without a plan, out of canary, or when latched', () => {
    expect(next({ stepPlan: null }, 999)).toBeNull();
    expect(next({ stepPlan: [] }, 999)).toBeNull();
    expect(next({ stage: 'shadow' }, 999)).toBeNull();
    expect(next({ latched: true }, 999)).toBeNull();
  });
});
