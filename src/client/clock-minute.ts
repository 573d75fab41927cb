import type { MatchClock } from '../domain/match-minute.js';
import type { MatchStatus } from '../domain/match-status.js';

/** Minutes beyond the normal time of a period that are counted. */
const BEYOND: Readonly<Record<string, number>> = { 'second-half': 15, 'extra-time': 10 };
const LONGEST_MINUTES = 120;
const TEXTS: Readonly<Record<number, string>> = {
  1: '—',
  3: 'HT',
  7: 'PEN',
  8: 'FT',
  9: 'DELAY',
  10: 'INT',
  12: 'CAN',
};

/**
 * Gives the minute that a clock shows, as the server computes it: a page ticks by itself.
 *
 * @param nowMs time of the server, unix ms
 * @returns null: no value, what was shown before stays
 */
export function minuteOf(clock: MatchClock, nowMs: number): number | null {
  const { period, startedAt } = clock;
  const base = clock.baseSeconds / 60;
  if (period === 'half-time') return base;
  if (period === null || period === 'shoot-out' || startedAt === null) return null;
  const elapsed = Math.floor((Math.floor(nowMs / 1000) - startedAt) / 60);
  const isBounded = period === 'extra-time' || (period === 'second-half' && clock.estimated);
  if (!isBounded && (elapsed < 0 || elapsed > LONGEST_MINUTES)) return null;
  const last = base + clock.normalSeconds / 60 + (BEYOND[period] ?? 0);
  return Math.min(base + Math.max(elapsed, 0) + 1, last);
}

/** Gives the text that stands beside the score: `67'`, `45+2'`, `HT`. Never empty. */
export function minuteText(status: MatchStatus, clock: MatchClock, minute: number | null): string {
  const text = TEXTS[status] ?? (minute === null ? '—' : null);
  if (text !== null) return text;
  const isExtra = clock.period === 'extra-time';
  const base = clock.baseSeconds / 60;
  if (isExtra && minute! <= base) return `ET ${minute}'`;
  const end = base + clock.normalSeconds / (isExtra ? 120 : 60);
  return clock.period !== null && minute! > end ? `${end}+${minute! - end}'` : `${minute}'`;
}
