import type { Kickoffs } from '../../domain/match-state.js';
import type { MatchStatus } from '../../domain/match-status.js';

/** Why a match is looked at more closely, the gravest first. */
export const STUCK_REASONS = [
  'null-score',
  'second-half-known',
  'first-half-too-long',
  'half-time-too-long',
  'second-half-too-long',
  'extra-time-too-long',
  'should-be-live',
  'silent',
  'null-minute',
] as const;
export type StuckReason = (typeof STUCK_REASONS)[number];

/** What was noted about a match that stands still. Times by the clock of the instance that noted it, unix ms. */
export interface StuckMark {
  readonly reason: string;
  readonly sinceMs: number;
  /** when the provider was asked last; null: it was not */
  readonly askedAtMs: number | null;
  /** since when it is stale: asked about, and nothing moved; null: not yet */
  readonly staleAtMs: number | null;
}

/** A match that is being played, or should be, as its row has it. */
export interface WatchedMatch {
  readonly matchId: string;
  readonly status: MatchStatus;
  readonly kickoffs: Kickoffs;
  /** legacy kick-off column, unix seconds */
  readonly legacyKickoffS: number | null;
  /** scheduled start, unix seconds */
  readonly matchTimeS: number | null;
  /** when the status was set, as whoever set it last with a time says, unix seconds */
  readonly statusSinceS: number | null;
  readonly minute: number | null;
  /** No column that readers take the score from is NULL. */
  readonly hasScore: boolean;
  /** newest time at which anybody wrote score or status, or the feed was heard with them, unix seconds */
  readonly lastSignS: number | null;
  readonly mark: StuckMark | null;
}

export interface MarkedMatch extends StuckMark {
  readonly matchId: string;
}

/** A mark as operators see it. */
export interface ListedMark extends MarkedMatch {
  /** null: the match has no row any more */
  readonly status: number | null;
  /** as readers are shown it, `2-1`; null without a row */
  readonly score: string | null;
  /** since the mark was made, database clock, ms */
  readonly ageMs: number;
}

/** The store keeps the matches to watch, and what was noted about them. Port and injection token in one. */
export abstract class StaleMatches {
  /**
   * Matches that are being played, and matches not started whose scheduled start has passed, up to a day ago: at most
   * `limit` of each, newest scheduled start first, in one statement.
   * @param nowS our clock, unix seconds
   */
  abstract read(nowS: number, limit: number): Promise<readonly WatchedMatch[]>;

  /**
   * Notes the marks, and takes away those of `cleared` and of matches that {@link read} would not find any more.
   * @param fence nothing is noted when the lease of the feed has a higher one; null: nobody leases the feed
   * @returns the marks that were taken away
   */
  abstract save(
    marks: readonly MarkedMatch[],
    cleared: readonly string[],
    nowS: number,
    fence: number | null,
  ): Promise<readonly { readonly matchId: string; readonly reason: string }[]>;

  /** What is noted now: stale ones first, the oldest first. */
  abstract list(limit: number): Promise<readonly ListedMark[]>;
}
