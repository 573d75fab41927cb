import { type MatchFeed, type MatchStatus, matchMinute, minuteText } from '../../src/index.js';

/** One match as it is read and cached; kick-offs are unix seconds. */
export interface StoredMatch {
  readonly externalId: string;
  readonly status: MatchStatus;
  readonly homeTeam: string | null;
  readonly awayTeam: string | null;
  readonly homeScore: number;
  readonly awayScore: number;
  readonly minute: number | null;
  readonly source: string | null;
  readonly version: number;
  readonly firstHalfS: number | null;
  readonly secondHalfS: number | null;
  readonly overtimeS: number | null;
}

/** One match as the platform's REST clients read it. */
export interface MatchView extends Omit<StoredMatch, 'firstHalfS' | 'secondHalfS' | 'overtimeS'> {
  /** never null */
  readonly minute_text: string;
  /** `no-feed`: it is being played, but its score may be frozen; null when it is not played or not known */
  readonly feed: MatchFeed | null;
}

/** The minute and the feed's freshness move on while the cached match stays the same. */
export function matchView(stored: StoredMatch, nowMs: number, feed: MatchFeed | null): MatchView {
  const { firstHalfS, secondHalfS, overtimeS, ...match } = stored;
  const kickoffs = { firstHalfS, secondHalfS, overtimeS };
  const minute = matchMinute({ status: match.status, nowS: Math.floor(nowMs / 1000), kickoffs }) ?? match.minute;
  return { ...match, minute, minute_text: minuteText(match.status, minute), feed };
}
