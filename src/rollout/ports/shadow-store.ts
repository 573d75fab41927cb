import type { Slots } from '../../domain/score.js';

/** What readers see of a match. */
export interface ShownMatch {
  /** provider code; null where the row has none */
  readonly status: number | null;
  /** display score */
  readonly home: number;
  readonly away: number;
}

/** The row has the same with the arrays behind it, null where there are none or they are broken. */
export interface LegacyRow extends ShownMatch {
  readonly homeSlots: Slots | null;
  readonly awaySlots: Slots | null;
}

/** The rows that exist among those asked for, and when they looked like this: unix ms, database clock. */
export interface LegacyRows {
  readonly atMs: number;
  readonly rows: ReadonlyMap<string, LegacyRow>;
}

/** One difference, for people to look at. */
export interface ShadowSample {
  /** ISO 8601 */
  readonly at: string;
  readonly why: 'never-said' | 'too-late';
  readonly candidate: ShownMatch;
  readonly row: LegacyRow;
}

/** What was found for one match since it was last written down. */
export interface ShadowTally {
  readonly matchId: string;
  readonly consistent: number;
  readonly inconsistent: number;
  /** the direct path threw */
  readonly errors: number;
  readonly samples: readonly ShadowSample[];
}

/** A goal by the score after it. */
export interface GoalName {
  readonly matchId: string;
  readonly home: number;
  readonly away: number;
}

/** When either path had a goal; unix ms, database clock. */
export interface ShadowGoal extends GoalName {
  readonly directAtMs: number;
  /** null while the legacy path lacks it */
  readonly legacyAtMs: number | null;
}

/** A goal that the legacy path lacks. */
export interface OpenGoal extends GoalName {
  /** since the direct path had it, ms */
  readonly ageMs: number;
}

/** The findings are tallies, goals, and goals that were taken back. */
export interface ShadowFindings {
  readonly tallies: readonly ShadowTally[];
  readonly goals: readonly ShadowGoal[];
  /** taken back, or not comparable any more, before the legacy path had them */
  readonly cancelled: readonly GoalName[];
}

/** Samples kept per match. */
export const MAX_SAMPLES = 20;

/** The store reads what the legacy path wrote and keeps what the comparison found. Port and injection token in one. */
export abstract class ShadowStore {
  /** In one statement. */
  abstract rows(matchIds: readonly string[]): Promise<LegacyRows>;
  /** Goals of these matches that the legacy path does not have yet. */
  abstract openGoals(matchIds: readonly string[]): Promise<readonly OpenGoal[]>;
  /**
   * Adds to what is known, in one statement. Of a goal the earlier time of either path stays. A match keeps its first
   * {@link MAX_SAMPLES} samples.
   */
  abstract record(findings: ShadowFindings): Promise<void>;
}
