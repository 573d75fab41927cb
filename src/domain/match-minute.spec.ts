import { describe, expect, it } from '@jest/globals';
import { matchMinute, minuteText } from './match-minute.js';
import type { Kickoffs } from './match-state.js';
import type { MatchStatus } from './match-status.js';

const T0 = 1_768_660_000;
const T1 = T0 + 65 * 60;
const T2 = T1 + 60 * 60;
const ALL: Kickoffs = { firstHalfS: T0, secondHalfS: T1, overtimeS: T2 };
const NONE: Kickoffs = { firstHalfS: null, secondHalfS: null, overtimeS: null };
const ONLY_FIRST: Kickoffs = { ...NONE, firstHalfS: T0 };
const MIN = 60;

describe('matchMinute', () => {
  it.each<[status: MatchStatus, what: string, nowS: number, kickoffs: Kickoffs, number | null]>([
    [2, 'at kick-off', T0, ALL, 1],
    [2, 'after 59 s', T0 + 59, ALL, 1],
    [2, 'after 60 s', T0 + 60, ALL, 2],
    [2, 'after 44:00', T0 + 44 * MIN, ALL, 45],
    [2, 'after 44:59', T0 + 44 * MIN + 59, ALL, 45],
    [2, 'after 50:00', T0 + 50 * MIN, ALL, 45],
    [2, 'after 120:59', T0 + 120 * MIN + 59, ALL, 45],
    [2, 'after 121:00', T0 + 121 * MIN, ALL, null],
    [2, 'a second early', T0 - 1, ALL, null],
    [2, 'without kick-off', T0, NONE, null],
    [3, 'at any time', T0 + 500 * MIN, NONE, 45],
    [4, 'at kick-off', T1, ALL, 46],
    [4, 'after 21:30', T1 + 21 * MIN + 30, ALL, 67],
    [4, 'after 45:00', T1 + 45 * MIN, ALL, 91],
    [4, 'after 59:00', T1 + 59 * MIN, ALL, 105],
    [4, 'after 70:00', T1 + 70 * MIN, ALL, 105],
    [4, 'after 120:59', T1 + 120 * MIN + 59, ALL, 105],
    [4, 'after 121:00', T1 + 121 * MIN, ALL, null],
    [4, 'a second early', T1 - 1, ALL, null],
    [4, 'estimated, 60 min after the first', T0 + 60 * MIN, ONLY_FIRST, 46],
    [4, 'estimated, 75 min after the first', T0 + 75 * MIN, ONLY_FIRST, 61],
    [4, 'estimated, 40 min after the first', T0 + 40 * MIN, ONLY_FIRST, 46],
    [4, 'estimated, long after', T0 + 300 * MIN, ONLY_FIRST, 105],
    [4, 'without any kick-off', T1, NONE, null],
    [5, 'at kick-off', T2, ALL, 91],
    [5, 'a second early', T2 - 1, ALL, 91],
    [5, 'after 15:00', T2 + 15 * MIN, ALL, 106],
    [5, 'after 39:00', T2 + 39 * MIN, ALL, 130],
    [5, 'after 45:00', T2 + 45 * MIN, ALL, 130],
    [5, 'without kick-off', T2, { ...ALL, overtimeS: null }, null],
    ...([0, 1, 6, 7, 8, 9, 10, 11, 12, 13] as const).map((status): [MatchStatus, string, number, Kickoffs, null] => [
      status,
      'at any time',
      T0 + 30 * MIN,
      ALL,
      null,
    ]),
  ])('status %i %s', (status, _what, nowS, kickoffs, expected) => {
    expect(matchMinute({ status, nowS, kickoffs })).toBe(expected);
  });

  it('a missing first-half kick-off is stood in for, in the estimate of the second half too', () => {
    expect(matchMinute({ status: 2, nowS: T0 + 60, kickoffs: NONE, fallbackKickoffS: T0 })).toBe(2);
    expect(matchMinute({ status: 4, nowS: T0 + 75 * MIN, kickoffs: NONE, fallbackKickoffS: T0 })).toBe(61);
    expect(matchMinute({ status: 2, nowS: T0 + 60, kickoffs: ONLY_FIRST, fallbackKickoffS: T0 - 600 })).toBe(2);
    expect(matchMinute({ status: 2, nowS: T0, kickoffs: NONE, fallbackKickoffS: null })).toBeNull();
  });
});

describe('minuteText', () => {
  it.each<[MatchStatus, number | null, string]>([
    [0, null, '—'],
    [0, 5, "5'"],
    [1, null, '—'],
    [1, 5, '—'],
    [2, null, '—'],
    [2, 1, "1'"],
    [2, 45, "45'"],
    [2, 47, "45+2'"],
    [3, 45, 'HT'],
    [3, null, 'HT'],
    [4, null, '—'],
    [4, 46, "46'"],
    [4, 90, "90'"],
    [4, 93, "90+3'"],
    [5, 90, "ET 90'"],
    [5, 91, "91'"],
    [5, 105, "105'"],
    [5, 106, "105+1'"],
    [5, 110, "105+5'"],
    [5, null, '—'],
    [6, 100, "100'"],
    [7, 120, 'PEN'],
    [8, 94, 'FT'],
    [9, null, 'DELAY'],
    [10, 30, 'INT'],
    [11, 60, "60'"],
    [11, null, '—'],
    [12, null, 'CAN'],
    [13, null, '—'],
  ])('status %i, minute %p reads %s', (status, minute, expected) => {
    expect(minuteText(status, minute)).toBe(expected);
  });
});
