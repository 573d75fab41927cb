import type { LegacyRow } from './decide-field.js';

/**
 * The original's own formula, unlike any other in the platform: the first half has no stoppage time and begins with
 * minute 0, extra time without a kick-off stays at 90.
 * @param nowS unix seconds
 */
export function calculateLegacyMinute(row: LegacyRow, nowS: number): number | null {
  const matchTime = seconds(row.match_time);
  const secondHalf = seconds(row.second_half_kickoff_ts);
  const overtime = seconds(row.overtime_kickoff_ts);
  switch (row.status_id) {
    case 2:
      return matchTime === null ? null : Math.min(minutesSince(matchTime, nowS), 60);
    case 4:
      if (secondHalf !== null) return Math.min(45 + minutesSince(secondHalf, nowS), 105);
      return matchTime === null ? null : Math.min(Math.max(45 + minutesSince(matchTime + 2_700, nowS), 45), 105);
    case 5:
      return overtime === null ? 90 : Math.min(90 + minutesSince(overtime, nowS), 130);
    case 7:
      return 120;
    default:
      return null;
  }
}

function minutesSince(startS: number, nowS: number): number {
  return Math.floor((nowS - startS) / 60);
}

function seconds(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
