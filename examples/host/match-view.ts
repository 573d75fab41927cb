import { type MatchFeed, type MatchStatus, type MatchTimes, matchMinute, minuteText } from '../../src/index.js';
import { logoAddress } from './logo-address.js';

/** One match as it is read and cached; kick-offs are unix seconds. */
export interface StoredMatch {
  readonly externalId: string;
  readonly status: MatchStatus;
  readonly homeTeam: string | null;
  readonly awayTeam: string | null;
  /** as stored: whatever it is */
  readonly homeLogo: string | null;
  readonly awayLogo: string | null;
  readonly homeScore: number;
  readonly awayScore: number;
  readonly minute: number | null;
  readonly source: string | null;
  readonly version: number;
  readonly firstHalfS: number | null;
  readonly secondHalfS: number | null;
  readonly overtimeS: number | null;
  readonly fallbackKickoffS: number | null;
}

/** One match as the platform's REST clients read it. */
export interface MatchView extends Omit<StoredMatch, 'firstHalfS' | 'secondHalfS' | 'overtimeS' | 'fallbackKickoffS'> {
  /** `https:` or `data:image/…`, as the other */
  readonly homeLogo: string | null;
  readonly awayLogo: string | null;
  /** never null */
  readonly minute_text: string;
  /** what the minute follows from: a client that has it ticks by itself */
  readonly clock: ReturnType<MatchTimes['clockOf']>;
  /** `no-feed`: it is being played, but its score may be frozen; null when it is not played or not known */
  readonly feed: MatchFeed | null;
}

/** The minute and the feed's freshness move on while the cached match stays the same. */
export function matchView(stored: StoredMatch, nowMs: number, feed: MatchFeed | null, times: MatchTimes): MatchView {
  const { firstHalfS, secondHalfS, overtimeS, fallbackKickoffS, ...match } = stored;
  const { externalId: matchId, status } = match;
  const timed = { matchId, status, kickoffs: { firstHalfS, secondHalfS, overtimeS }, fallbackKickoffS };
  const format = times.formatOf(matchId);
  const minute = matchMinute({ ...timed, format, nowS: Math.floor(nowMs / 1000) }) ?? match.minute;
  const logos = { homeLogo: logoAddress(stored.homeLogo), awayLogo: logoAddress(stored.awayLogo) };
  const minute_text = minuteText(status, minute, format);
  return { ...match, ...logos, minute, minute_text, clock: times.clockOf(timed), feed };
}
