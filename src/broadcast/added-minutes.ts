import { announcedMinutes, announcementsIn } from '../domain/added-time.js';
import type { MatchFormat } from '../domain/match-format.js';
import { clockPeriodOf, matchClock } from '../domain/match-minute.js';
import type { MatchStatus } from '../domain/match-status.js';
import type { Incident } from '../domain/match-update.js';

const NO_KICKOFFS = { firstHalfS: null, secondHalfS: null, overtimeS: null };

/**
 * Added time as it was announced for the period of that status, minutes; null before that.
 * @param incidents of the match, oldest first
 */
export function addedMinutesOf(
  status: MatchStatus,
  format: MatchFormat | undefined,
  incidents: readonly Incident[],
): number | null {
  const period = clockPeriodOf(status);
  const announcement = period && announcementsIn(incidents).get(period);
  if (!announcement) return null;
  const { baseSeconds, normalSeconds } = matchClock({ status, kickoffs: NO_KICKOFFS, format });
  return announcedMinutes(announcement, (baseSeconds + normalSeconds) / 60);
}
