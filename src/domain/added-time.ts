import type { ClockPeriod } from './match-minute.js';
import type { Incident } from './match-update.js';

const INJURY_TIME = 19;
/** No referee announces more: beyond it the incident tells the minute of the match at which the period is to end. */
const MOST_ANNOUNCED = 30;
const PERIODS: readonly ClockPeriod[] = ['first-half', 'second-half', 'extra-time'];

export function announcesAddedTime({ type }: Incident): boolean {
  return type === INJURY_TIME;
}

/**
 * The minutes that an announcement adds to its period: its `time`, or how far that lies beyond the end of the period.
 * @param endMinute of the period without added time
 * @returns null when it says no number of minutes
 */
export function announcedMinutes({ time }: Incident, endMinute: number): number | null {
  const minutes = time > MOST_ANNOUNCED ? time - endMinute : time;
  return minutes >= 1 && minutes <= MOST_ANNOUNCED ? minutes : null;
}

/** The last announcement of each period out of a whole list: the first one of a match is that of the first half, and so on. */
export function announcementsIn(incidents: readonly Incident[]): ReadonlyMap<ClockPeriod, Incident> {
  const announced = incidents.filter(announcesAddedTime).slice(0, PERIODS.length);
  return new Map(announced.map((incident, n) => [PERIODS[n] as ClockPeriod, incident]));
}
