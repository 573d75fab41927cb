import { describe, expect, it } from '@jest/globals';
import type { MatchRoute } from '../../contracts/match-router.js';
import type { RolloutSetting, RolloutSnapshot, RolloutStage } from '../ports/rollout-store.js';
import { EMPTY_SNAPSHOT, FIRST_SETTING, type RolloutCaps, RouteRules } from './route-rules.js';

interface Case {
  readonly stage: RolloutStage;
  readonly percent?: number;
  readonly setting?: Partial<RolloutSetting>;
  readonly pin?: 'legacy' | 'direct';
  readonly competition?: 'allowed' | 'denied';
  readonly caps?: Partial<RolloutCaps>;
}

const MATCH = 'm1';

function rulesOf({ stage, percent = 0, setting, pin, competition, caps }: Case): RouteRules {
  const change = { ...FIRST_SETTING, stage, percent, ...setting, id: 1, changedAtMs: 1, changedBy: 'a', reason: 'b' };
  const snapshot: RolloutSnapshot = {
    change,
    pins: new Map(pin ? [[MATCH, pin]] : []),
    allowedByCompetition: new Set(competition === 'allowed' ? [MATCH] : []),
    deniedByCompetition: new Set(competition === 'denied' ? [MATCH] : []),
  };
  return new RouteRules(snapshot, { killSwitch: false, maxStage: 'direct', ...caps });
}

const denied = { denyMatches: [MATCH] };
const allowed = { allowMatches: [MATCH] };
const kill = { killSwitch: true };

describe('the route of a match', () => {
  it.each<[string, Case, number, MatchRoute]>([
    ['legacy stage', { stage: 'legacy' }, 0, 'legacy'],
    ['legacy stage, whatever is allowed', { stage: 'legacy', percent: 100, setting: allowed }, 0, 'legacy'],
    ['shadow stage', { stage: 'shadow', percent: 100, setting: allowed }, 0, 'shadow'],
    ['direct stage', { stage: 'direct' }, 9_999, 'direct'],
    ['canary of nothing', { stage: 'canary' }, 0, 'shadow'],
    ['canary, last bucket below the share', { stage: 'canary', percent: 10 }, 999, 'direct'],
    ['canary, first bucket above the share', { stage: 'canary', percent: 10 }, 1_000, 'shadow'],
    ['canary of everything', { stage: 'canary', percent: 100 }, 9_999, 'direct'],
    ['canary, match allowed', { stage: 'canary', setting: allowed }, 9_999, 'direct'],
    ['canary, competition allowed', { stage: 'canary', competition: 'allowed' }, 9_999, 'direct'],
    ['canary, match denied', { stage: 'canary', percent: 100, setting: denied }, 0, 'legacy'],
    ['canary, competition denied', { stage: 'canary', percent: 100, competition: 'denied' }, 0, 'legacy'],
    ['denied is stronger than allowed', { stage: 'canary', setting: { ...allowed, ...denied } }, 0, 'legacy'],
    ['direct stage, match denied', { stage: 'direct', setting: denied }, 0, 'legacy'],
    ['shadow stage, match denied', { stage: 'shadow', setting: denied }, 0, 'legacy'],
    ['pinned direct in legacy', { stage: 'legacy', pin: 'direct' }, 9_999, 'direct'],
    ['pinned direct is stronger than denied', { stage: 'direct', pin: 'direct', setting: denied }, 0, 'direct'],
    ['pinned legacy in direct', { stage: 'direct', pin: 'legacy' }, 0, 'legacy'],
    ['pinned legacy is stronger than allowed', { stage: 'canary', pin: 'legacy', setting: allowed }, 0, 'legacy'],
    ['killed, direct', { stage: 'direct', caps: kill }, 0, 'legacy'],
    ['killed, pinned direct', { stage: 'direct', pin: 'direct', caps: kill }, 0, 'legacy'],
    ['at most legacy, pinned direct', { stage: 'direct', pin: 'direct', caps: { maxStage: 'legacy' } }, 0, 'legacy'],
    ['at most shadow, pinned direct', { stage: 'direct', pin: 'direct', caps: { maxStage: 'shadow' } }, 0, 'shadow'],
    ['at most canary, pinned direct', { stage: 'legacy', pin: 'direct', caps: { maxStage: 'canary' } }, 0, 'direct'],
    ['at most shadow, direct', { stage: 'direct', caps: { maxStage: 'shadow' } }, 0, 'shadow'],
    ['at most canary, direct', { stage: 'direct', percent: 50, caps: { maxStage: 'canary' } }, 4_999, 'direct'],
    ['at most canary, direct, above', { stage: 'direct', percent: 50, caps: { maxStage: 'canary' } }, 5_000, 'shadow'],
    ['at most direct, shadow: never raised', { stage: 'shadow', caps: { maxStage: 'direct' } }, 0, 'shadow'],
  ])('%s', (_, given, bucket, route) => {
    expect(rulesOf(given).routeOf(MATCH, bucket)).toBe(route);
  });

  it('is legacy before anybody has set anything', () => {
    const rules = new RouteRules(EMPTY_SNAPSHOT, { killSwitch: false, maxStage: 'direct' });
    expect([rules.routeOf(MATCH, 0), rules.stage, rules.percent, rules.active]).toEqual(['legacy', 'legacy', 0, false]);
  });

  it.each<[Case, boolean]>([
    [{ stage: 'legacy' }, false],
    [{ stage: 'legacy', pin: 'legacy' }, false],
    [{ stage: 'legacy', pin: 'direct' }, true],
    [{ stage: 'legacy', pin: 'direct', caps: { maxStage: 'legacy' } }, false],
    [{ stage: 'direct', pin: 'direct', caps: kill }, false],
    [{ stage: 'direct', caps: { maxStage: 'legacy' } }, false],
    [{ stage: 'shadow' }, true],
    [{ stage: 'canary' }, true],
    [{ stage: 'direct' }, true],
  ])('%j: can a match leave the legacy path? %s', (given, active) => {
    expect(rulesOf(given).active).toBe(active);
  });

  it.each<[Case, number]>([
    [{ stage: 'shadow', percent: 40 }, 0],
    [{ stage: 'canary', percent: 40 }, 40],
    [{ stage: 'direct', percent: 40 }, 100],
    [{ stage: 'direct', percent: 40, caps: { maxStage: 'canary' } }, 40],
  ])('%j: the share is %i %%', (given, percent) => {
    expect(rulesOf(given).percent).toBe(percent);
  });
});
