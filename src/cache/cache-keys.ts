import { InvalidOptionError } from '../kernel/livescore.errors.js';

/** List of live matches, in the form the host's loader gives it. */
export const LIVE_MATCHES_KEY = 'live:matches';

/** Committed state of one match: see {@link CachedMatch}. */
export function matchKey(matchId: string): string {
  return `livescore:match:${matchId}`;
}

/** One match as the host shows it, kept by `CachedReads.match`; deleted with every commit of that match. */
export function matchViewKey(matchId: string): string {
  return `livescore:view:${matchId}`;
}

/** The platform's feed cache: see {@link CachedFeedScore}. */
export function feedScoreKey(matchId: string): string {
  return `thesports:ws:score:${matchId}`;
}

const DAY_BOUNDARY_OFFSET_MS = 3 * 3_600_000;

/**
 * Makes the key of the platform's diary cache: `diary:<YYYYMMDD>:<statuses>`, the statuses sorted **as text** (10
 * before 2) and joined by commas, or `all`. For use in the option `extraKeys`.
 * @param day `YYYYMMDD` or `YYYY-MM-DD`, or a moment, whose day is taken in UTC+3
 * @param statuses status numbers; none or empty means `all`
 * @throws InvalidOptionError when `day` is neither
 */
export function diaryCacheKey(day: string | Date, statuses: readonly number[] = []): string {
  const digits = (typeof day === 'string' ? day : dayInPlatformTime(day)).replaceAll('-', '');
  if (!/^\d{8}$/.test(digits)) {
    const expected = 'YYYYMMDD, YYYY-MM-DD or a Date';
    throw new InvalidOptionError([{ module: 'diaryCacheKey', option: 'day', expected, received: JSON.stringify(day) }]);
  }
  return `diary:${digits}:${statuses.length > 0 ? statuses.map(String).sort().join(',') : 'all'}`;
}

function dayInPlatformTime(moment: Date): string {
  const ms = moment.getTime();
  return Number.isNaN(ms) ? '' : new Date(ms + DAY_BOUNDARY_OFFSET_MS).toISOString().slice(0, 10);
}
