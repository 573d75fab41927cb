import type { Kickoffs } from './match-state.js';
import { MatchStatus } from './match-status.js';

const NO_MINUTE = '—';
const MAX_ELAPSED_MIN = 120;
const SECOND_HALF_AFTER_S = 3600;

/** What the minute is computed from. All times are integer unix seconds. */
export interface MinuteInput {
  readonly status: MatchStatus;
  readonly nowS: number;
  readonly kickoffs: Kickoffs;
  /** stands in for a missing first-half kick-off: legacy kick-off column, else the scheduled start */
  readonly fallbackKickoffS?: number | null;
}

/**
 * The minute to show, or null for "no value: keep what is stored". Never a reason to erase a stored minute.
 *
 * First half 1–45, half-time 45, second half 46–105, extra time 91–130; every other status has no minute of its own.
 * First and second half are refused when the kick-off is missing, in the future or more than 120 minutes ago. A second
 * half estimated from the first (60 minutes later) and extra time are clamped instead, as clients know it: before its
 * kick-off a period shows its first minute, long after it the last.
 */
export function matchMinute({ status, nowS, kickoffs, fallbackKickoffS = null }: MinuteInput): number | null {
  switch (status) {
    case MatchStatus.FirstHalf:
      return firstHalf(nowS, kickoffs.firstHalfS ?? fallbackKickoffS);
    case MatchStatus.HalfTime:
      return 45;
    case MatchStatus.SecondHalf:
      return secondHalf(nowS, kickoffs.secondHalfS, kickoffs.firstHalfS ?? fallbackKickoffS);
    case MatchStatus.ExtraTime:
      return kickoffs.overtimeS === null ? null : clamp(90 + minuteSince(kickoffs.overtimeS, nowS), 91, 130);
    default:
      return null;
  }
}

function firstHalf(nowS: number, kickoffS: number | null): number | null {
  if (kickoffS === null || !isPlausible(kickoffS, nowS)) return null;
  return Math.min(minuteSince(kickoffS, nowS), 45);
}

function secondHalf(nowS: number, kickoffS: number | null, firstHalfS: number | null): number | null {
  if (kickoffS !== null) {
    return isPlausible(kickoffS, nowS) ? clamp(45 + minuteSince(kickoffS, nowS), 46, 105) : null;
  }
  if (firstHalfS === null) return null;
  return clamp(45 + minuteSince(firstHalfS + SECOND_HALF_AFTER_S, nowS), 46, 105);
}

/** 1 in the first minute of play. */
function minuteSince(kickoffS: number, nowS: number): number {
  return Math.floor((nowS - kickoffS) / 60) + 1;
}

/** A kick-off that is not in the future and not more than 120 whole minutes ago. */
function isPlausible(kickoffS: number, nowS: number): boolean {
  return nowS >= kickoffS && Math.floor((nowS - kickoffS) / 60) <= MAX_ELAPSED_MIN;
}

function clamp(minute: number, min: number, max: number): number {
  return Math.min(Math.max(minute, min), max);
}

/** What clients show beside the score. Never empty; texts of a status win over the minute. */
export function minuteText(status: MatchStatus, minute: number | null): string {
  switch (status) {
    case MatchStatus.NotStarted:
      return NO_MINUTE;
    case MatchStatus.HalfTime:
      return 'HT';
    case MatchStatus.Shootout:
      return 'PEN';
    case MatchStatus.Ended:
      return 'FT';
    case MatchStatus.Delayed:
      return 'DELAY';
    case MatchStatus.Interrupted:
      return 'INT';
    case MatchStatus.Cancelled:
      return 'CAN';
    default:
      return minute === null ? NO_MINUTE : runningText(status, minute);
  }
}

function runningText(status: MatchStatus, minute: number): string {
  if (status === MatchStatus.FirstHalf && minute > 45) return `45+${minute - 45}'`;
  if (status === MatchStatus.SecondHalf && minute > 90) return `90+${minute - 90}'`;
  if (status === MatchStatus.ExtraTime && minute > 105) return `105+${minute - 105}'`;
  if (status === MatchStatus.ExtraTime && minute <= 90) return `ET ${minute}'`;
  return `${minute}'`;
}
