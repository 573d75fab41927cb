import { MatchStatus } from '../../domain/match-status.js';
import type { PlayedMatch } from '../tournament/tournament.js';

/** Kick-off that `score[4]` shows; `none` is the 0 of a match that has not begun. */
export type KickoffOf = 'none' | 'firstHalf' | 'secondHalf' | 'overtime';

/** One stretch of a match during which the feed shows one status. Times are minutes after the first kick-off. */
export interface MatchPhase {
  readonly status: MatchStatus;
  readonly kickoff: KickoffOf;
  readonly begin: number;
  /** events of the phase are published up to here */
  readonly end: number;
}

/** Minutes from the first kick-off to the kick-off of each period, stoppage time and pauses included. */
export const KICKOFF_MINUTES = { firstHalf: 0, secondHalf: 60, overtime: 110 } as const;

const NOT_STARTED: MatchPhase = { status: MatchStatus.NotStarted, kickoff: 'none', begin: -1, end: -1 };
const NORMAL_TIME: readonly MatchPhase[] = [
  { status: MatchStatus.FirstHalf, kickoff: 'firstHalf', begin: 0, end: 49 },
  { status: MatchStatus.HalfTime, kickoff: 'firstHalf', begin: 50, end: 59 },
  { status: MatchStatus.SecondHalf, kickoff: 'secondHalf', begin: 60, end: 108 },
  { status: MatchStatus.Ended, kickoff: 'secondHalf', begin: 109, end: 109 },
];
const EXTRA_TIME: readonly MatchPhase[] = [
  { status: MatchStatus.ExtraTime, kickoff: 'overtime', begin: 110, end: 142 },
  { status: MatchStatus.Ended, kickoff: 'overtime', begin: 143, end: 143 },
];

/**
 * The walk of the feed: (1) → 2 → 3 → 4 → 8, and for a match that goes on 8 → 5 → 8 → 7 → 8: the feed ends a match at
 * every final whistle and takes it back.
 */
export function phasesOf(match: PlayedMatch, announcesNotStarted: boolean): readonly MatchPhase[] {
  const phases = [...(announcesNotStarted ? [NOT_STARTED] : []), ...NORMAL_TIME];
  if (match.afterExtraTime) phases.push(...EXTRA_TIME);
  if (match.shootout) phases.push(...shootoutAfter(phases.at(-1) ?? NOT_STARTED, match.shootout));
  return phases;
}

function shootoutAfter(last: MatchPhase, [home, away]: readonly [number, number]): MatchPhase[] {
  const begin = last.end + 1;
  const end = begin + 2 * (Math.max(home, away) + 1);
  return [
    { status: MatchStatus.Shootout, kickoff: last.kickoff, begin, end },
    { status: MatchStatus.Ended, kickoff: last.kickoff, begin: end + 1, end: end + 1 },
  ];
}
