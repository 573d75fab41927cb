import type { ShadowSample } from './shadow-store.js';

/** What the comparison found, of the matches compared in the period. */
export interface ComparisonReport {
  readonly matches: number;
  readonly consistent: number;
  readonly inconsistent: number;
  readonly errors: number;
  /** the newest differences */
  readonly samples: readonly (ShadowSample & { readonly matchId: string })[];
}

/** What tells why nothing was compared. */
export interface WhyNothing {
  /** somebody holds the lease */
  readonly isFeedTaken: boolean;
  readonly isAnyLive: boolean;
  /** the stage compared, at some time in the period */
  readonly wasCompared: boolean;
}

/** Goals of matches in shadow. Seconds by which the direct path was earlier; null without a goal that both had. */
export interface LeadReport {
  readonly goals: number;
  readonly p50S: number | null;
  readonly p90S: number | null;
  readonly maxS: number | null;
  /** the legacy path may still show them */
  readonly awaited: number;
  /** the match is over, and ten minutes have passed */
  readonly lostByLegacy: number;
}

/** Changes that the direct path made of pushes; from our receipt to the row, so both clocks are in it. */
export interface LatencyReport {
  readonly changes: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface SourceReport {
  readonly source: string;
  readonly changes: number;
  readonly goals: number;
}

/** Everything that is counted by the database. */
export interface CountedReport {
  readonly comparison: ComparisonReport;
  readonly nothing: WhyNothing;
  readonly lead: LeadReport;
  readonly latency: LatencyReport;
  readonly sources: readonly SourceReport[];
}

/** A match that an operator tied to one path. */
export interface Pin {
  readonly matchId: string;
  readonly route: 'legacy' | 'direct';
  readonly by: string;
  readonly reason: string | null;
  /** unix ms, database clock */
  readonly atMs: number;
}

/** What people want to know of the rollout, from the database. Port and injection token in one. */
export abstract class RolloutReads {
  /** From `since` on. */
  abstract report(since: Date): Promise<CountedReport>;
  /** Newest first. */
  abstract pins(limit: number): Promise<readonly Pin[]>;
  /** Null: the stage decides. */
  abstract pinOf(matchId: string): Promise<Pin | null>;
  /** Those of the ids that no match has. */
  abstract unknownMatches(ids: readonly string[]): Promise<readonly string[]>;
  /** Those of the ids that no match is of. */
  abstract unknownCompetitions(ids: readonly string[]): Promise<readonly string[]>;
}
