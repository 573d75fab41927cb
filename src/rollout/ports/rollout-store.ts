import type { LegacyBinding } from '../../contracts/legacy-binding.js';

/** Stages of the rollout, in order. */
export const ROLLOUT_STAGES = ['legacy', 'shadow', 'canary', 'direct'] as const;
/** A stage is one of four, from the legacy path to the direct one. */
export type RolloutStage = (typeof ROLLOUT_STAGES)[number];

/** A step of the canary is a share of the matches, in percent, and its time. */
export interface RolloutStep {
  readonly percent: number;
  /** seconds without a fault before the next step */
  readonly soakS: number;
}

/** The setting is what an operator, or the automatic rollback, decided. */
export interface RolloutSetting {
  readonly stage: RolloutStage;
  /** share of the matches in `canary`, 0–100 */
  readonly percent: number;
  readonly allowMatches: readonly string[];
  readonly denyMatches: readonly string[];
  readonly allowCompetitions: readonly string[];
  readonly denyCompetitions: readonly string[];
  readonly stepPlan: readonly RolloutStep[] | null;
  /** taken back automatically: only an operator sets another stage */
  readonly latched: boolean;
}

/** The history has an entry for every change; the newest is in force. */
export interface RolloutChange extends RolloutSetting {
  readonly id: number;
  /** unix ms, database clock */
  readonly changedAtMs: number;
  readonly changedBy: string;
  readonly reason: string;
}

/** A snapshot holds everything that decides the route of a match, as it is in the database now. */
export interface RolloutSnapshot {
  /** null before the first change: legacy */
  readonly change: RolloutChange | null;
  readonly pins: ReadonlyMap<string, 'legacy' | 'direct'>;
  /** matches of the competitions that are allowed or denied, as far as they may be played now */
  readonly allowedByCompetition: ReadonlySet<string>;
  readonly deniedByCompetition: ReadonlySet<string>;
}

/** A decision is one verdict of the analysis. */
export interface RolloutDecision {
  readonly verdict: 'healthy' | 'warn' | 'roll-back' | 'inconclusive';
  readonly action: 'none' | 'rolled-back' | 'stepped-up';
  readonly stage: RolloutStage;
  readonly percent: number;
  readonly reason: string;
  /** what was measured, by name */
  readonly numbers: Readonly<Record<string, number | null>>;
}

/** The store keeps stage, pins and decisions in the database. Port and injection token in one. */
export abstract class RolloutStore {
  /** Everything in one statement. */
  abstract read(): Promise<RolloutSnapshot>;
  /**
   * Appends a change, only if the newest one is still `expectedId` (null: there is none).
   * @returns the change; null when somebody else was faster
   */
  abstract append(
    setting: RolloutSetting,
    by: string,
    reason: string,
    expectedId: number | null,
  ): Promise<RolloutChange | null>;
  /** Newest first. */
  abstract history(limit: number): Promise<readonly RolloutChange[]>;
  /** @param route null removes the pin */
  abstract pin(matchId: string, route: 'legacy' | 'direct' | null, by: string, reason: string | null): Promise<void>;
  /** What a host says of its own legacy path. */
  abstract noteLegacyBinding(binding: LegacyBinding): Promise<void>;
  /** What the host that started last said; null before any did. */
  abstract legacyBinding(): Promise<LegacyBinding | null>;
  abstract recordDecision(decision: RolloutDecision): Promise<void>;
  /** Newest first. */
  abstract decisions(limit: number): Promise<readonly (RolloutDecision & { readonly decidedAtMs: number })[]>;
}
