import { describe, expect, it } from '@jest/globals';
import { STANDARD_FORMAT } from '../../domain/match-format.js';
import { lacksMinute, type StandingFacts, stuckReason } from './stuck-match.js';

const T = 1_768_662_000;
const NO_KICKOFFS = { firstHalfS: null, secondHalfS: null, overtimeS: null };
const kickoffs = (more: Partial<StandingFacts['kickoffs']>) => ({ ...NO_KICKOFFS, ...more });

/** All is well with it at `nowS`: the feed spoke of it just then. */
const facts = (nowS: number, more: Partial<StandingFacts>): StandingFacts => ({
  status: 2,
  kickoffs: NO_KICKOFFS,
  legacyKickoffS: null,
  matchTimeS: null,
  statusSinceS: null,
  minute: 1,
  hasScore: true,
  lastSignS: nowS,
  format: STANDARD_FORMAT,
  ...more,
});

const at = (afterS: number, more: Partial<StandingFacts>) => stuckReason(facts(T + afterS, more), T + afterS);

describe('a match that is being played', () => {
  it.each([
    ['in play', 2, 120, null],
    ['in play', 2, 121, 'silent'],
    ['in the second half', 4, 121, 'silent'],
    ['in extra time', 5, 121, 'silent'],
    ['in a shoot-out', 7, 121, 'silent'],
    ['at half-time', 3, 300, null],
    ['at half-time', 3, 301, 'silent'],
    ['that has ended', 8, 10_000, null],
    ['that is interrupted', 10, 10_000, null],
    ['that has not started', 1, 10_000, null],
  ] as const)('%s (%i) without a sign for %i s: %s', (_where, status, silentS, expected) => {
    expect(stuckReason(facts(T, { status, lastSignS: T - silentS }), T)).toBe(expected);
  });

  it('of which there never was a sign is silent', () => {
    expect(at(0, { lastSignS: null })).toBe('silent');
  });

  it.each([
    ['first half', { status: 2, kickoffs: kickoffs({ firstHalfS: T }) }, 3_600, 'first-half-too-long'],
    ['first half by the schedule', { status: 2, matchTimeS: T }, 4_500, 'first-half-too-long'],
    [
      'first half by the legacy kick-off',
      { status: 2, matchTimeS: T - 9_000, legacyKickoffS: T },
      4_500,
      'first-half-too-long',
    ],
    ['half-time', { status: 3, statusSinceS: T }, 3_600, 'half-time-too-long'],
    [
      'half-time by the kick-off',
      { status: 3, kickoffs: kickoffs({ firstHalfS: T }) },
      2_700 + 3_600,
      'half-time-too-long',
    ],
    ['half-time by the schedule', { status: 3, matchTimeS: T }, 2_700 + 3_600, 'half-time-too-long'],
    ['second half', { status: 4, kickoffs: kickoffs({ secondHalfS: T }) }, 55 * 60 - 1, 'second-half-too-long'],
    [
      'second half by the first',
      { status: 4, kickoffs: kickoffs({ firstHalfS: T }) },
      115 * 60 - 1,
      'second-half-too-long',
    ],
    ['extra time', { status: 5, kickoffs: kickoffs({ overtimeS: T }) }, 40 * 60 - 1, 'extra-time-too-long'],
  ] as const)('%s: well until its time, too long a second later', (_which, more, lastS, reason) => {
    expect(at(lastS, more)).toBeNull();
    expect(at(lastS + 1, more)).toBe(reason);
  });

  it.each([
    [2, 60, 'first-half-too-long'],
    [4, 100, 'second-half-too-long'],
    [5, 130, 'extra-time-too-long'],
  ] as const)('of status %i whose stored minute is above %i is too long: %s', (status, minute, reason) => {
    expect(at(0, { status, minute })).toBeNull();
    expect(at(0, { status, minute: minute + 1 })).toBe(reason);
  });

  it('does not count half-time from the time of an earlier status', () => {
    const halfTime = { status: 3, statusSinceS: T, kickoffs: kickoffs({ firstHalfS: T }) } as const;
    expect(at(3_601, halfTime)).toBeNull();
    expect(at(2_700 + 3_601, halfTime)).toBe('half-time-too-long');
  });

  it.each([2, 3] as const)('of status %i whose second half has begun says so', (status) => {
    const begun = { status, kickoffs: kickoffs({ firstHalfS: T - 3_600, secondHalfS: T }) };
    expect(at(-1, { ...begun, statusSinceS: T - 60 })).toBeNull();
    expect(at(0, begun)).toBe('second-half-known');
  });

  it.each([
    [{ halfMinutes: 40, extraHalfMinutes: 10 }, 2, { firstHalfS: T }, 55 * 60],
    [{ halfMinutes: 40, extraHalfMinutes: 10 }, 4, { secondHalfS: T }, 50 * 60 - 1],
    [{ halfMinutes: 45, extraHalfMinutes: 10 }, 5, { overtimeS: T }, 30 * 60 - 1],
    [{ halfMinutes: 30, extraHalfMinutes: 15 }, 5, { overtimeS: T }, 40 * 60 - 1],
  ] as const)('of format %j and status %i is measured by it', (format, status, begun, lastS) => {
    expect(at(lastS, { status, format, kickoffs: kickoffs(begun) })).toBeNull();
    expect(at(lastS + 1, { status, format, kickoffs: kickoffs(begun) })).toMatch(/-too-long$/);
  });

  it.each([2, 4, 5] as const)('of a format in doubt and status %i has no period that is too long', (status) => {
    const begun = { firstHalfS: T, secondHalfS: status === 4 ? T : null, overtimeS: T };
    expect(at(20_000, { status, format: null, kickoffs: begun })).toBeNull();
    expect(at(20_000, { status, format: null, kickoffs: begun, lastSignS: T })).toBe('silent');
  });

  it('without a score says so before anything else, without a minute after everything else', () => {
    expect(at(0, { hasScore: false, lastSignS: null })).toBe('null-score');
    expect(at(0, { minute: null, lastSignS: null })).toBe('silent');
    expect(at(0, { minute: null })).toBe('null-minute');
    expect(at(0, { minute: null, status: 7 })).toBeNull();
  });
});

describe('a match that has not started', () => {
  it.each([
    [0, null],
    [1, 'should-be-live'],
    [1_440 * 60, 'should-be-live'],
    [1_440 * 60 + 1, null],
  ] as const)('%i s after its time: %s', (afterS, expected) => {
    expect(at(afterS, { status: 1, matchTimeS: T, hasScore: false, minute: null })).toBe(expected);
  });

  it('has no minute to lack', () => {
    expect(lacksMinute({ status: 1, minute: null })).toBe(false);
    expect(lacksMinute({ status: 3, minute: null })).toBe(true);
  });
});
