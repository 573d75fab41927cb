import { type MatchFormat, STANDARD_FORMAT } from '../domain/match-format.js';
import { type ClockPeriod, clockPeriodOf, type MatchClock, matchClock } from '../domain/match-minute.js';
import type { MatchState } from '../domain/match-state.js';

/** What a clock is made of, as far as it stands in the row. */
export type TimedMatch = Pick<MatchState, 'matchId' | 'status' | 'kickoffs' | 'fallbackKickoffS'>;

/**
 * The service knows what is known of the time of a match beside its row: its format, and the added time that was
 * announced. Answers from memory. Port and injection token in one; without the minute module every match has the
 * standard format.
 */
export abstract class MatchTimes {
  abstract formatOf(matchId: string): MatchFormat;

  /** Added time as it was announced for that period, minutes; null before that. */
  abstract addedMinutesOf(matchId: string, period: ClockPeriod): number | null;

  /** Half-time came too early for the format: what is settled at half-time has to wait for an operator. */
  abstract isFormatDisputed(matchId: string): boolean;

  /** The clock of a match as it was told last, for those who have no row; null when it is not followed. */
  abstract lastClockOf(matchId: string): MatchClock | null;

  clockOf({ matchId, status, kickoffs, fallbackKickoffS }: TimedMatch): MatchClock {
    const period = clockPeriodOf(status);
    const addedAnnouncedMinutes = period && this.addedMinutesOf(matchId, period);
    return matchClock({ status, kickoffs, fallbackKickoffS, format: this.formatOf(matchId), addedAnnouncedMinutes });
  }
}

/** Of a host without the minute module. */
export const STANDARD_TIMES: MatchTimes = Object.freeze(
  Object.assign(Object.create(MatchTimes.prototype) as MatchTimes, {
    formatOf: () => STANDARD_FORMAT,
    addedMinutesOf: () => null,
    lastClockOf: () => null,
    isFormatDisputed: () => false,
  }),
);
