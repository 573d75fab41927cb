import type { MatchRoute } from '../../contracts/match-router.js';
import { ROLLOUT_BUCKETS } from '../../domain/rollout-bucket.js';
import {
  ROLLOUT_STAGES,
  type RolloutSetting,
  type RolloutSnapshot,
  type RolloutStage,
} from '../ports/rollout-store.js';
import { lowerStage } from '../rollout.options.js';

/** What this process's configuration allows at most. */
export interface RolloutCaps {
  readonly killSwitch: boolean;
  readonly maxStage: RolloutStage;
  /** `none`: there is nothing but the direct path */
  readonly legacy?: 'bound' | 'none';
}

/** In force before anybody has set anything. */
export const FIRST_SETTING: RolloutSetting = Object.freeze({
  stage: 'legacy',
  percent: 0,
  allowMatches: [],
  denyMatches: [],
  allowCompetitions: [],
  denyCompetitions: [],
  stepPlan: null,
  latched: false,
});

export const EMPTY_SNAPSHOT: RolloutSnapshot = Object.freeze({
  change: null,
  pins: new Map(),
  allowedByCompetition: new Set<string>(),
  deniedByCompetition: new Set<string>(),
});

/**
 * The routes of one snapshot. The first rule that speaks wins: kill switch, pin, deny, stage; in canary the allow lists
 * and the share. A pin to the direct path needs a process that may go as far as canary. Without a legacy path every match
 * is on the direct one.
 */
export class RouteRules {
  /** as it is set, lowered by what this process allows */
  readonly stage: RolloutStage;
  /** share of the matches that go the direct way by their hash, 0–100 */
  readonly percent: number;
  private readonly allowed: ReadonlySet<string>;
  private readonly denied: ReadonlySet<string>;

  constructor(
    private readonly snapshot: RolloutSnapshot,
    private readonly caps: RolloutCaps,
  ) {
    const setting = snapshot.change ?? FIRST_SETTING;
    this.stage = stageOf(setting.stage, caps);
    this.percent = shareOf(this.stage, setting.percent);
    this.allowed = new Set(setting.allowMatches);
    this.denied = new Set(setting.denyMatches);
  }

  /** Can any match leave the legacy path? */
  get active(): boolean {
    return this.stage !== 'legacy' || (this.pinnedDirect !== 'legacy' && this.hasDirectPin());
  }

  /** Can any match be on the direct path? */
  get mayGoDirect(): boolean {
    if (this.stage === 'canary' || this.stage === 'direct') return true;
    return this.pinnedDirect === 'direct' && this.hasDirectPin();
  }

  /** @param bucket `rolloutBucket` of the match */
  routeOf(matchId: string, bucket: number): MatchRoute {
    if (this.caps.legacy === 'none') return 'direct';
    if (this.caps.killSwitch) return 'legacy';
    const pin = this.snapshot.pins.get(matchId);
    if (pin) return pin === 'direct' ? this.pinnedDirect : 'legacy';
    if (this.stage === 'legacy' || this.isDenied(matchId)) return 'legacy';
    if (this.stage !== 'canary') return this.stage;
    return this.isAllowed(matchId) || bucket < (this.percent * ROLLOUT_BUCKETS) / 100 ? 'direct' : 'shadow';
  }

  private get pinnedDirect(): MatchRoute {
    const { killSwitch, maxStage } = this.caps;
    if (killSwitch || maxStage === 'legacy') return 'legacy';
    return ROLLOUT_STAGES.indexOf(maxStage) < ROLLOUT_STAGES.indexOf('canary') ? 'shadow' : 'direct';
  }

  private hasDirectPin(): boolean {
    for (const route of this.snapshot.pins.values()) if (route === 'direct') return true;
    return false;
  }

  private isAllowed(matchId: string): boolean {
    return this.allowed.has(matchId) || this.snapshot.allowedByCompetition.has(matchId);
  }

  private isDenied(matchId: string): boolean {
    return this.denied.has(matchId) || this.snapshot.deniedByCompetition.has(matchId);
  }
}

function stageOf(set: RolloutStage, { killSwitch, maxStage, legacy }: RolloutCaps): RolloutStage {
  if (legacy === 'none') return 'direct';
  return killSwitch ? 'legacy' : lowerStage(set, maxStage);
}

function shareOf(stage: RolloutStage, percent: number): number {
  if (stage === 'direct') return 100;
  return stage === 'canary' ? percent : 0;
}
