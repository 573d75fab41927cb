import { describe, expect, it } from '@jest/globals';
import { clockText, matchClock, matchMinute, minuteAt, minuteText, nextMinuteAtS } from './match-minute.js';
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

describe('other formats', () => {
  const format = { halfMinutes: 30, extraHalfMinutes: 10 };

  it.each<[MatchStatus, string, number, Kickoffs, number | null, string]>([
    [2, 'at kick-off', T0, ALL, 1, "1'"],
    [2, 'after 35:00', T0 + 35 * MIN, ALL, 30, "30'"],
    [3, 'at any time', T0, ALL, 30, 'HT'],
    [4, 'at kick-off', T1, ALL, 31, "31'"],
    [4, 'after 33:00', T1 + 33 * MIN, ALL, 64, "60+4'"],
    [4, 'after 60:00', T1 + 60 * MIN, ALL, 75, "60+15'"],
    [5, 'at kick-off', T2, ALL, 61, "61'"],
    [5, 'after 12:00', T2 + 12 * MIN, ALL, 73, "70+3'"],
    [5, 'after 60:00', T2 + 60 * MIN, ALL, 90, "70+20'"],
  ])('2x30: status %i %s', (status, _what, nowS, kickoffs, minute, text) => {
    expect(matchMinute({ status, nowS, kickoffs, format })).toBe(minute);
    expect(minuteText(status, minute, format)).toBe(text);
    const clock = matchClock({ status, kickoffs, format });
    expect(clockText(status, clock, minuteAt(clock, nowS))).toBe(text);
  });
});

describe('the clock', () => {
  const of = (status: MatchStatus, kickoffs: Kickoffs = ALL, more: object = {}) =>
    matchClock({ status, kickoffs, ...more });

  it.each<[MatchStatus, object]>([
    [1, { period: null, startedAt: null, baseSeconds: 0, normalSeconds: 0, running: false }],
    [2, { period: 'first-half', startedAt: T0, baseSeconds: 0, normalSeconds: 2_700, running: true }],
    [3, { period: 'half-time', startedAt: null, baseSeconds: 2_700, normalSeconds: 0, running: false }],
    [4, { period: 'second-half', startedAt: T1, baseSeconds: 2_700, normalSeconds: 2_700, running: true }],
    [5, { period: 'extra-time', startedAt: T2, baseSeconds: 5_400, normalSeconds: 1_800, running: true }],
    [7, { period: 'shoot-out', startedAt: null, baseSeconds: 7_200, normalSeconds: 0, running: false }],
    [8, { period: null, startedAt: null, running: false }],
    [10, { period: null, startedAt: null, running: false }],
  ])('of status %i', (status, expected) => {
    expect(of(status)).toMatchObject({ addedAnnouncedMinutes: null, estimated: false, ...expected });
  });

  it('says that its start is a guess', () => {
    expect(of(2, NONE, { fallbackKickoffS: T0 })).toMatchObject({ startedAt: T0, estimated: true, running: true });
    expect(of(4, ONLY_FIRST)).toMatchObject({ startedAt: T0 + 3_600, estimated: true, running: true });
    expect(of(4, NONE)).toMatchObject({ startedAt: null, estimated: false, running: false });
    expect(of(5, ONLY_FIRST)).toMatchObject({ startedAt: null, running: false });
  });

  it('takes 0 for no kick-off', () => {
    expect(of(2, { ...NONE, firstHalfS: 0 }, { fallbackKickoffS: T0 })).toMatchObject({ startedAt: T0 });
    expect(matchMinute({ status: 5, nowS: T0, kickoffs: { ...NONE, overtimeS: 0 } })).toBeNull();
  });

  it('has announced added time in a field of its own', () => {
    expect(of(2, ALL, { addedAnnouncedMinutes: 3 })).toMatchObject({ normalSeconds: 2_700, addedAnnouncedMinutes: 3 });
  });

  it('knows when it shows the next minute', () => {
    expect(nextMinuteAtS(of(2), T0)).toBe(T0 + 60);
    expect(nextMinuteAtS(of(2), T0 + 119)).toBe(T0 + 120);
    expect(nextMinuteAtS(of(2), T0 - 5)).toBe(T0);
    expect(nextMinuteAtS(of(3), T0)).toBeNull();
  });

  it.each([2, 4, 5, 8, 11] as const)('has the text of the formula for status %i', (status) => {
    for (const minute of [null, 1, 45, 47, 90, 94, 105, 107]) {
      expect(clockText(status, of(status), minute)).toBe(minuteText(status, minute));
    }
  });
});
