import type { MatchStatus } from './match-status.js';

export type Side = 'home' | 'away';

/** An event is a fact derived from (before, after) of one commit. Scores are display scores after this event. */
export type MatchEvent =
  | {
      readonly type: 'goal';
      readonly side: Side;
      readonly homeScore: number;
      readonly awayScore: number;
      /** from the matching incident of type 1, 8 or 17; null when none is known */
      readonly time: number | null;
      readonly playerId: string | null;
      readonly playerName: string | null;
    }
  | {
      readonly type: 'goal-cancelled';
      readonly side: Side;
      readonly homeScore: number;
      readonly awayScore: number;
      readonly previousHomeScore: number;
      readonly previousAwayScore: number;
    }
  | { readonly type: 'score-changed'; readonly homeScore: number; readonly awayScore: number }
  | { readonly type: 'red-card'; readonly side: Side; readonly count: number }
  | { readonly type: 'state-changed'; readonly from: MatchStatus; readonly to: MatchStatus }
  | { readonly type: 'kick-off'; readonly period: MatchStatus }
  | { readonly type: 'half-time' }
  | { readonly type: 'full-time' }
  | { readonly type: 'minute-changed'; readonly minute: number };
