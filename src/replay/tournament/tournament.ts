import type { Side } from '../../domain/match-event.js';

/** A number per team: home (the file's team1) first. */
export type Pair = readonly [home: number, away: number];

export type Period = 'first-half' | 'second-half' | 'extra-time';

export type GoalKind = 'goal' | 'penalty' | 'own-goal';

/** One goal that counts, on the side that benefits. */
export interface Goal {
  readonly side: Side;
  readonly period: Period;
  /** whole minutes, 1–45, 46–90 or 91–120 by period */
  readonly minute: number;
  /** minutes of stoppage time after `minute`, 0 outside it */
  readonly offset: number;
  readonly scorer: string | null;
  readonly kind: GoalKind;
}

/** One match that was played, complete and without contradiction. Scores are cumulative. */
export interface PlayedMatch {
  /** position in the file, from 0 */
  readonly index: number;
  readonly home: string;
  readonly away: string;
  readonly round: string | null;
  readonly halfTime: Pair;
  /** after 90 minutes */
  readonly fullTime: Pair;
  /** after 120 minutes; null without extra time */
  readonly afterExtraTime: Pair | null;
  /** goals of the shoot-out; null without one */
  readonly shootout: Pair | null;
  /** in order of play; exactly as many as the score says */
  readonly goals: readonly Goal[];
}

export interface Tournament {
  readonly name: string;
  readonly matches: readonly PlayedMatch[];
  /** matches of the file that were not played */
  readonly skipped: readonly { readonly match: string; readonly reason: string }[];
}

export function matchTitle(match: Pick<PlayedMatch, 'home' | 'away'>): string {
  return `${match.home} - ${match.away}`;
}

/** Goals of regular and extra time, both teams; never the shoot-out. */
export function goalsOf(match: PlayedMatch): number {
  const [home, away] = match.afterExtraTime ?? match.fullTime;
  return home + away;
}
