import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../testing/fake-clock.js';
import { plannedStarts } from './planned-start.js';

const BEGINS_AT_MS = 1_766_000_000_000;
const BEGINS_AT_S = BEGINS_AT_MS / 1000;

describe('the scheduled start of a match of a replay', () => {
  it('lies in the past where the matches take no time', () => {
    const startS = plannedStarts(BEGINS_AT_MS);
    expect(startS(0)).toBeLessThan(BEGINS_AT_S - 100 * 60);
    expect(startS(63)).toBe(startS(0));
  });

  it('is the one of its turn, on a clock as fast as the replay', () => {
    const startS = plannedStarts(BEGINS_AT_MS, { speed: 60, clock: new FakeClock(), matchesAtOnce: 16 });
    expect(startS(0)).toBe(BEGINS_AT_S - 1);
    expect(startS(15)).toBe(startS(0));
    expect(startS(16)).toBeGreaterThan(startS(15) + 90 * 60);
  });

  it('comes sooner where the replay is faster than the clock', () => {
    const at = (speed: number) => plannedStarts(BEGINS_AT_MS, { speed, matchesAtOnce: 1 });
    expect(at(60)(1) - at(60)(0)).toBeLessThan(at(2)(1) - at(2)(0));
  });
});
