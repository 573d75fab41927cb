import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WindowCount } from './ports/budget-state.js';
import { countedAt, windowAt, windowWaitMs } from './sliding-window.js';

const MINUTE_MS = 60_000;
const NOTHING: WindowCount = { lengthMs: MINUTE_MS, slots: [] };

/** Asks at those times; where it must wait it asks again when it may. */
function timesGranted(mostRequests: number, pausesMs: readonly number[]): number[] {
  let nowMs = 1_766_242_949_123;
  let count = NOTHING;
  return pausesMs.map((pauseMs) => {
    nowMs += pauseMs;
    count = windowAt(count, nowMs);
    nowMs += windowWaitMs(count, mostRequests, nowMs);
    count = countedAt(windowAt(count, nowMs), nowMs);
    return nowMs;
  });
}

describe('a sliding window', () => {
  it('lets the most through at once, and the next one when they are out of every minute with it', () => {
    const [first = 0, ...others] = timesGranted(3, [0, 0, 0, 0]);
    expect(others.slice(0, 2)).toEqual([first, first]);
    const waitMs = (others[2] ?? 0) - first;
    expect([waitMs >= MINUTE_MS, waitMs <= (MINUTE_MS * 13) / 12]).toEqual([true, true]);
  });

  it('never holds more than the most in any span of its length, counted up to 2 s later than granted', () => {
    const pauses = fc.array(fc.nat({ max: 40_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        pauses,
        fc.infiniteStream(fc.nat({ max: 2_000 })),
        (most, pausesMs, delays) => {
          const times = timesGranted(most, pausesMs).map((atMs) => atMs + delays.next().value);
          return times.every(
            (atMs) => times.filter((other) => other > atMs - MINUTE_MS && other <= atMs).length <= most,
          );
        },
      ),
    );
  });

  it('keeps nobody waiting longer than a window, however far the clock was set back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 1e12 }), (most, backMs) => {
        let count = NOTHING;
        for (let n = 0; n < most; n++) count = countedAt(count, 1e12 + n);
        const nowMs = 1e12 - backMs;
        return windowWaitMs(windowAt(count, nowMs), most, nowMs) <= (MINUTE_MS * 13) / 12;
      }),
    );
  });

  it('remembers few slots, however many requests it counts', () => {
    let count = NOTHING;
    for (let atMs = 0; atMs < 600_000; atMs += 100) count = countedAt(windowAt(count, atMs), atMs);
    expect(count.slots.length).toBeLessThanOrEqual(26);
  });
});
