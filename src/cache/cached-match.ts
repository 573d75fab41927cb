import type { ScoreCommitted } from '../contracts/committed-changes.js';
import { type MatchTimes, STANDARD_TIMES } from '../contracts/match-times.js';
import { type MatchClock, minuteText } from '../domain/match-minute.js';
import type { MatchState } from '../domain/match-state.js';
import { MatchStatus } from '../domain/match-status.js';
import { displayScore, type Slots } from '../domain/score.js';

/** Value of `livescore:match:<id>`: the match as last committed. */
export interface CachedMatch {
  readonly matchId: string;
  /** incarnation of the row: versions of different epochs do not compare */
  readonly epoch: number;
  /** rises with every committed change of score, status or kick-offs */
  readonly version: number;
  readonly statusId: MatchStatus;
  /** display scores, shoot-out goals included */
  readonly homeScore: number;
  readonly awayScore: number;
  /** seven slots as stored in `home_scores` and `away_scores` */
  readonly home: Slots;
  readonly away: Slots;
  readonly minute: number | null;
  /** never empty */
  readonly minuteText: string;
  /** shows the minute at any time: `minute` is as old as the commit */
  readonly clock: MatchClock;
  /** who wrote the change: a source of ours, or `foreign` */
  readonly source: ScoreCommitted['source'];
  /** unix ms */
  readonly committedAt: number;
}

/**
 * Value of `thesports:ws:score:<id>`: the provider's tuple as committed, `score[4]` the kick-off of the current period
 * in unix seconds (0 when unknown).
 */
export interface CachedFeedScore {
  readonly id: string;
  readonly score: readonly [matchId: string, statusId: MatchStatus, home: Slots, away: Slots, kickoffS: number, ''];
  readonly epoch: number;
  readonly version: number;
  /** unix ms of the commit */
  readonly timestamp: number;
}

export function cachedMatchOf(
  { matchId, epoch, version, after, source, committedAtMs }: ScoreCommitted,
  times: MatchTimes = STANDARD_TIMES,
): CachedMatch {
  return {
    matchId,
    epoch,
    version,
    statusId: after.status,
    homeScore: displayScore(after.home),
    awayScore: displayScore(after.away),
    home: after.home,
    away: after.away,
    minute: after.minute,
    minuteText: minuteText(after.status, after.minute, times.formatOf(matchId)),
    clock: times.clockOf(after),
    source,
    committedAt: committedAtMs,
  };
}

export function cachedFeedScoreOf({ matchId, epoch, version, after, committedAtMs }: ScoreCommitted): CachedFeedScore {
  return {
    id: matchId,
    score: [matchId, after.status, after.home, after.away, currentKickoffS(after), ''],
    epoch,
    version,
    timestamp: committedAtMs,
  };
}

function currentKickoffS({ reached, kickoffs }: MatchState): number {
  const { firstHalfS, secondHalfS, overtimeS } = kickoffs;
  if (reached >= MatchStatus.ExtraTime) return overtimeS ?? secondHalfS ?? firstHalfS ?? 0;
  if (reached >= MatchStatus.SecondHalf) return secondHalfS ?? firstHalfS ?? 0;
  return firstHalfS ?? 0;
}
