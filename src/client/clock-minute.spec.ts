import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clockText, type MatchClock, matchClock, minuteAt } from '../domain/match-minute.js';
import { MatchStatus } from '../domain/match-status.js';
import { minuteOf, minuteText } from './clock-minute.js';

const KICKOFF_S = 1_768_666_000;
const statuses = fc.constantFrom(...Object.values(MatchStatus));
const kickoff = fc.option(fc.integer({ min: KICKOFF_S - 10_000, max: KICKOFF_S + 10_000 }));

const clocks: fc.Arbitrary<{ readonly status: MatchStatus; readonly clock: MatchClock }> = fc
  .record({
    status: statuses,
    kickoffs: fc.record({ firstHalfS: kickoff, secondHalfS: kickoff, overtimeS: kickoff }),
    fallbackKickoffS: kickoff,
    format: fc.constantFrom(
      { halfMinutes: 45, extraHalfMinutes: 15 },
      { halfMinutes: 40, extraHalfMinutes: 10 },
      { halfMinutes: 30, extraHalfMinutes: 5 },
    ),
    addedAnnouncedMinutes: fc.option(fc.integer({ min: 0, max: 15 })),
  })
  .map((input) => ({ status: input.status, clock: matchClock(input) }));

describe('the minute of a client', () => {
  it('is the one of the server, at any time of any clock, and so is its text', () => {
    fc.assert(
      fc.property(
        clocks,
        fc.integer({ min: (KICKOFF_S - 20_000) * 1000, max: (KICKOFF_S + 30_000) * 1000 }),
        ({ status, clock }, nowMs) => {
          const minute = minuteAt(clock, Math.floor(nowMs / 1000));
          expect(minuteOf(clock, nowMs)).toBe(minute);
          expect(minuteText(status, clock, minute)).toBe(clockText(status, clock, minute));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('has the text of the server for a minute that was kept', () => {
    fc.assert(
      fc.property(clocks, fc.option(fc.integer({ min: 1, max: 140 })), ({ status, clock }, minute) => {
        expect(minuteText(status, clock, minute)).toBe(clockText(status, clock, minute));
      }),
      { numRuns: 3_000 },
    );
  });
});
