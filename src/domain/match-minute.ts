import { type MatchFormat, STANDARD_FORMAT } from './match-format.js';
import type { Kickoffs } from './match-state.js';
import { MatchStatus } from './match-status.js';

const NO_MINUTE = '—';
const MAX_ELAPSED_MIN = 120;
const SECOND_HALF_AFTER_S = 3600;

/** The part of a match that a clock stands in. */
export type ClockPeriod = 'first-half' | 'half-time' | 'second-half' | 'extra-time' | 'shoot-out';

/** How many minutes beyond its normal time the legacy minute of a period goes. */
const MINUTES_BEYOND = { 'first-half': 0, 'second-half': 15, 'extra-time': 10 } as const;

/** A clock says all that the minute of a match follows from, at any time: whoever has it ticks by itself. */
export interface MatchClock {
  /** null: the match is not being played */
  readonly period: ClockPeriod | null;
  /** kick-off of the period, unix seconds; null when not known, and outside play */
  readonly startedAt: number | null;
  /** time of play before the period, seconds: 2,700 in the second half */
  readonly baseSeconds: number;
  /** time of play that the period has without added time, seconds; 0 at half-time and in a shoot-out */
  readonly normalSeconds: number;
  /** added time that was announced for the period, minutes; null before that */
  readonly addedAnnouncedMinutes: number | null;
  /** the ball rolls, and it is known since when */
  readonly running: boolean;
  /** `startedAt` is a guess from another time: the true one may set the clock back once */
  readonly estimated: boolean;
}

/** What a clock is made of. All times are integer unix seconds. */
export interface ClockInput {
  readonly status: MatchStatus;
  readonly kickoffs: Kickoffs;
  /** stands in for a missing first-half kick-off: legacy kick-off column, else the scheduled start */
  readonly fallbackKickoffS?: number | null | undefined;
  /** @default two halves of 45 minutes, extra time of twice 15 */
  readonly format?: MatchFormat | undefined;
  readonly addedAnnouncedMinutes?: number | null | undefined;
}

/** What the minute is computed from. */
export interface MinuteInput extends ClockInput {
  /** integer unix seconds */
  readonly nowS: number;
}

/** The clock of a match in that status. */
export function matchClock(input: ClockInput): MatchClock {
  const { status, format = STANDARD_FORMAT, addedAnnouncedMinutes = null } = input;
  const period = clockPeriodOf(status);
  const { startedAt, estimated } = startOf(input);
  const { baseSeconds, normalSeconds } = lengthsOf(period, format);
  const running = startedAt !== null;
  return { period, startedAt, baseSeconds, normalSeconds, addedAnnouncedMinutes, running, estimated };
}

/** Why a clock shows no minute. */
export type MinuteRefusal = 'not-in-play' | 'no-kickoff' | 'kickoff-in-the-future' | 'kickoff-too-long-ago';

/** How a clock comes to its minute. */
export type MinuteReading =
  | { readonly minute: null; readonly refusal: MinuteRefusal }
  | {
      readonly minute: number;
      /** before the bounds */
      readonly counted: number;
      readonly least: number;
      readonly most: number;
    };

/**
 * Reads the minute of a clock at that time.
 *
 * A half is refused when its kick-off is missing, in the future or more than 120 minutes ago. A second half estimated
 * from the first (60 minutes later) and extra time are clamped instead, as clients know it: before its kick-off a period
 * shows its first minute, long after it the last.
 */
export function readMinute(clock: MatchClock, nowS: number): MinuteReading {
  const { period, startedAt } = clock;
  const base = clock.baseSeconds / 60;
  if (period === 'half-time') return { minute: base, counted: base, least: base, most: base };
  if (period === null || period === 'shoot-out') return { minute: null, refusal: 'not-in-play' };
  if (startedAt === null) return { minute: null, refusal: 'no-kickoff' };
  const elapsed = Math.floor((nowS - startedAt) / 60);
  const isOnlyClamped = period === 'extra-time' || (period === 'second-half' && clock.estimated);
  if (!isOnlyClamped && nowS < startedAt) return { minute: null, refusal: 'kickoff-in-the-future' };
  if (!isOnlyClamped && elapsed > MAX_ELAPSED_MIN) return { minute: null, refusal: 'kickoff-too-long-ago' };
  const [least, most] = [base + 1, base + clock.normalSeconds / 60 + MINUTES_BEYOND[period]];
  const counted = base + elapsed + 1;
  return { minute: Math.min(Math.max(counted, least), most), counted, least, most };
}

/** The minute that a clock shows, or null for "no value: keep what is stored". Never a reason to erase a stored minute. */
export function minuteAt(clock: MatchClock, nowS: number): number | null {
  return readMinute(clock, nowS).minute;
}

/**
 * Gives the minute by the one formula: first half 1–45, half-time 45, second half 46–105, extra time 91–130 in the
 * standard format; else null.
 */
export function matchMinute(input: MinuteInput): number | null {
  return minuteAt(matchClock(input), input.nowS);
}

/** When the clock shows another minute, unix seconds; null when it never will by itself. */
export function nextMinuteAtS(clock: MatchClock, nowS: number): number | null {
  if (clock.startedAt === null) return null;
  const elapsed = Math.floor((nowS - clock.startedAt) / 60);
  return clock.startedAt + Math.max(elapsed + 1, 0) * 60;
}

/** Gives the text that clients show beside the score. Never empty; texts of a status win over the minute. */
export function minuteText(status: MatchStatus, minute: number | null, format: MatchFormat = STANDARD_FORMAT): string {
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
      return minute === null ? NO_MINUTE : runningText(minute, matchClock({ status, kickoffs: NO_KICKOFFS, format }));
  }
}

/** The same from a clock alone, for a client that has nothing else. */
export function clockText(status: MatchStatus, clock: MatchClock, minute: number | null): string {
  const halfMinutes = (clock.baseSeconds + clock.normalSeconds) / (clock.period === 'second-half' ? 120 : 60);
  if (clock.period === 'extra-time') {
    return minuteText(status, minute, {
      halfMinutes: clock.baseSeconds / 120,
      extraHalfMinutes: clock.normalSeconds / 120,
    });
  }
  return minuteText(status, minute, { ...STANDARD_FORMAT, halfMinutes });
}

const NO_KICKOFFS: Kickoffs = { firstHalfS: null, secondHalfS: null, overtimeS: null };

/** Beyond the end of the period: `45+2'`. Extra time has the end of its first half there. */
function runningText(minute: number, { period, baseSeconds, normalSeconds }: MatchClock): string {
  if (period === 'extra-time' && minute <= baseSeconds / 60) return `ET ${minute}'`;
  const end = (baseSeconds + (period === 'extra-time' ? normalSeconds / 2 : normalSeconds)) / 60;
  return period !== null && minute > end ? `${end}+${minute - end}'` : `${minute}'`;
}

export function clockPeriodOf(status: MatchStatus): ClockPeriod | null {
  switch (status) {
    case MatchStatus.FirstHalf:
      return 'first-half';
    case MatchStatus.HalfTime:
      return 'half-time';
    case MatchStatus.SecondHalf:
      return 'second-half';
    case MatchStatus.ExtraTime:
      return 'extra-time';
    case MatchStatus.Shootout:
      return 'shoot-out';
    default:
      return null;
  }
}

function lengthsOf(period: ClockPeriod | null, { halfMinutes, extraHalfMinutes }: MatchFormat) {
  const half = halfMinutes * 60;
  switch (period) {
    case null:
      return { baseSeconds: 0, normalSeconds: 0 };
    case 'first-half':
      return { baseSeconds: 0, normalSeconds: half };
    case 'half-time':
      return { baseSeconds: half, normalSeconds: 0 };
    case 'second-half':
      return { baseSeconds: half, normalSeconds: half };
    case 'extra-time':
      return { baseSeconds: 2 * half, normalSeconds: 2 * extraHalfMinutes * 60 };
    case 'shoot-out':
      return { baseSeconds: 2 * half + 2 * extraHalfMinutes * 60, normalSeconds: 0 };
  }
}

interface Start {
  readonly startedAt: number | null;
  readonly estimated: boolean;
}

/** An estimate stands in where it may: it is shown, and never stored as a kick-off. */
function startOf({ status, kickoffs, fallbackKickoffS }: ClockInput): Start {
  const firstHalfS = known(kickoffs.firstHalfS);
  switch (status) {
    case MatchStatus.FirstHalf:
      return firstOf(firstHalfS, known(fallbackKickoffS));
    case MatchStatus.SecondHalf: {
      const firstS = firstHalfS ?? known(fallbackKickoffS);
      return firstOf(known(kickoffs.secondHalfS), firstS === null ? null : firstS + SECOND_HALF_AFTER_S);
    }
    case MatchStatus.ExtraTime:
      return firstOf(known(kickoffs.overtimeS), null);
    default:
      return { startedAt: null, estimated: false };
  }
}

function firstOf(kickoffS: number | null, estimateS: number | null): Start {
  return { startedAt: kickoffS ?? estimateS, estimated: kickoffS === null && estimateS !== null };
}

/** 0 is no time. */
function known(atS: number | null | undefined): number | null {
  return atS !== null && atS !== undefined && atS > 0 ? atS : null;
}
