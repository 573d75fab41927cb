import { describe, expect, it } from '@jest/globals';
import { rolloutBucket } from '../../domain/rollout-bucket.js';
import type { RolloutChange } from '../../rollout/ports/rollout-store.js';
import { CanaryCohort } from './canary-cohort.js';

const change = (id: number, stage: RolloutChange['stage'], percent: number, more: Partial<RolloutChange> = {}) => ({
  id,
  stage,
  percent,
  allowMatches: [],
  denyMatches: [],
  allowCompetitions: [],
  denyCompetitions: [],
  stepPlan: null,
  latched: false,
  changedAtMs: id * 60_000,
  changedBy: 'ada',
  reason: '',
  ...more,
});

const ids = Array.from({ length: 200 }, (_, n) => `match${n}`);
const inTenth = ids.find((id) => rolloutBucket(id) < 1_000) as string;
const inHalf = ids.find((id) => rolloutBucket(id) >= 1_000 && rolloutBucket(id) < 5_000) as string;
const never = ids.find((id) => rolloutBucket(id) >= 5_000) as string;

describe('the cohort of a canary', () => {
  const cohort = new CanaryCohort([
    change(4, 'direct', 0),
    change(3, 'canary', 50, { allowMatches: ['chosen'], allowCompetitions: ['league'] }),
    change(2, 'canary', 10),
    change(1, 'shadow', 10),
  ]);

  it.each([
    ['in its share', inTenth, null, 2.5, true],
    ['before its share was raised', inHalf, null, 2.5, false],
    ['after its share was raised', inHalf, null, 3.5, true],
    ['beyond every share', never, null, 3.5, false],
    ['on the list', 'chosen', null, 3.5, true],
    ['of a competition on the list', never, 'league', 3.5, true],
    ['before the canary', inTenth, null, 1.5, false],
    ['after the canary', inTenth, null, 4.5, false],
    ['committed just after its end', inTenth, null, 4.01, true],
  ])('a match %s: %s', (_what, matchId, competitionId, atMinute, expected) => {
    expect(cohort.contains(matchId, competitionId, atMinute * 60_000)).toBe(expected);
  });

  it('has a start, unless there never was one', () => {
    expect(cohort.startMs).toBe(120_000);
    expect(new CanaryCohort([change(1, 'direct', 0)]).startMs).toBeNull();
  });
});
