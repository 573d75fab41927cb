import { type MatchFormat, STANDARD_FORMAT } from '../../domain/match-format.js';
import { matchClock } from '../../domain/match-minute.js';
import type { Kickoffs } from '../../domain/match-state.js';
import { isLive, MatchStatus } from '../../domain/match-status.js';
import type { StuckReason } from '../ports/stale-matches.js';

/** No sign of a match for longer is silence, seconds. */
export const SILENT_S = { inPlay: 120, halfTime: 300 } as const;
/** Minutes beyond the normal time of a period. */
const BEYOND_MINUTES = { firstHalf: 15, secondHalf: 10, extraTime: 10 } as const;
/** The same counted from the scheduled start: matches begin late. */
const BEYOND_SCHEDULE_MINUTES = 30;
const LONGEST_HALF_TIME_S = 3_600;
/** A match that has not begun a day after its time is another case. */
const MOST_OVERDUE_S = 1_440 * 60;

/** What is known of a match that is being played, or should be. Times in unix seconds. */
export interface StandingFacts {
  readonly status: MatchStatus;
  readonly kickoffs: Kickoffs;
  readonly legacyKickoffS: number | null;
  readonly matchTimeS: number | null;
  readonly statusSinceS: number | null;
  readonly minute: number | null;
  readonly hasScore: boolean;
  /** newest sign of life, by the row or the feed; null: there was none */
  readonly lastSignS: number | null;
  /** null: in doubt; then no period is called too long */
  readonly format: MatchFormat | null;
}

/**
 * Says why a match needs a look at the provider, the gravest reason first; null when all is well. Pure, and only a reason
 * to ask: time never changes a status.
 */
export function stuckReason(facts: StandingFacts, nowS: number): StuckReason | null {
  if (facts.status === MatchStatus.NotStarted) return isOverdue(facts, nowS) ? 'should-be-live' : null;
  if (!isLive(facts.status)) return null;
  if (!facts.hasScore) return 'null-score';
  return (
    tooLong(facts, nowS) ?? (isSilent(facts, nowS) ? 'silent' : null) ?? (lacksMinute(facts) ? 'null-minute' : null)
  );
}

/** A shoot-out has no minute of its own. */
export function lacksMinute({ status, minute }: Pick<StandingFacts, 'status' | 'minute'>): boolean {
  return isLive(status) && status !== MatchStatus.Shootout && minute === null;
}

function isOverdue({ matchTimeS }: StandingFacts, nowS: number): boolean {
  return matchTimeS !== null && nowS > matchTimeS && nowS - matchTimeS <= MOST_OVERDUE_S;
}

function isSilent({ status, lastSignS }: StandingFacts, nowS: number): boolean {
  const limitS = status === MatchStatus.HalfTime ? SILENT_S.halfTime : SILENT_S.inPlay;
  return lastSignS === null || nowS - lastSignS > limitS;
}

function tooLong(facts: StandingFacts, nowS: number): StuckReason | null {
  switch (facts.status) {
    case MatchStatus.FirstHalf:
      if (isSecondHalfKnown(facts, nowS)) return 'second-half-known';
      return isFirstHalfTooLong(facts, nowS) ? 'first-half-too-long' : null;
    case MatchStatus.HalfTime:
      if (isSecondHalfKnown(facts, nowS)) return 'second-half-known';
      return isHalfTimeTooLong(facts, nowS) ? 'half-time-too-long' : null;
    case MatchStatus.SecondHalf:
      return isBeyond(facts, nowS, BEYOND_MINUTES.secondHalf) ? 'second-half-too-long' : null;
    case MatchStatus.ExtraTime:
      return isBeyond(facts, nowS, BEYOND_MINUTES.extraTime) ? 'extra-time-too-long' : null;
    default:
      return null;
  }
}

/** The second half has begun, and the status does not say so. */
function isSecondHalfKnown({ kickoffs: { secondHalfS } }: StandingFacts, nowS: number): boolean {
  return secondHalfS !== null && secondHalfS > 0 && secondHalfS <= nowS;
}

function isFirstHalfTooLong({ format, kickoffs, minute, ...facts }: StandingFacts, nowS: number): boolean {
  if (!format) return false;
  const most = format.halfMinutes + BEYOND_MINUTES.firstHalf;
  if (minute !== null && minute > most) return true;
  if (kickoffs.firstHalfS !== null) return nowS - kickoffs.firstHalfS > most * 60;
  const plannedS = facts.legacyKickoffS ?? facts.matchTimeS;
  return plannedS !== null && nowS - plannedS > (format.halfMinutes + BEYOND_SCHEDULE_MINUTES) * 60;
}

/** Since the later of what the row says: writers that give no time leave the time of an earlier status. */
function isHalfTimeTooLong({ format, kickoffs, statusSinceS, ...facts }: StandingFacts, nowS: number): boolean {
  const firstHalfS = kickoffs.firstHalfS ?? facts.legacyKickoffS ?? facts.matchTimeS;
  const { halfMinutes } = format ?? STANDARD_FORMAT;
  const leastS = firstHalfS === null ? null : firstHalfS + halfMinutes * 60;
  if (statusSinceS === null && leastS === null) return false;
  return nowS - Math.max(statusSinceS ?? 0, leastS ?? 0) > LONGEST_HALF_TIME_S;
}

/** By the clock of the period, or by the stored minute where that is ahead. */
function isBeyond(facts: StandingFacts, nowS: number, minutes: number): boolean {
  const { format, status, kickoffs } = facts;
  if (!format) return false;
  const fallbackKickoffS = facts.legacyKickoffS ?? facts.matchTimeS;
  const { baseSeconds, normalSeconds, startedAt } = matchClock({ status, kickoffs, fallbackKickoffS, format });
  const most = (baseSeconds + normalSeconds) / 60 + minutes;
  const counted = startedAt === null ? 0 : baseSeconds / 60 + Math.floor((nowS - startedAt) / 60) + 1;
  return Math.max(counted, facts.minute ?? 0) > most;
}
