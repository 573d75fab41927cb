import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  displayScore,
  goals,
  higherOf,
  isAbove,
  NO_CORNER_DATA,
  NO_SCORE,
  type Slots,
  sameSlots,
  slotsShowing,
  withKnownCorners,
} from './score.js';

const count = fc.integer({ min: 0, max: 12 });
const anySlots: fc.Arbitrary<Slots> = fc.tuple(count, count, count, count, count, count, count);
const withSlot = (slots: Slots, slot: number, value: number) =>
  slots.map((old, n) => (n === slot ? value : old)) as unknown as Slots;

describe('goals and display score', () => {
  it.each<[string, Slots, number, number]>([
    ['regular time', [2, 1, 0, 3, 6, 0, 0], 2, 2],
    ['extra time holds the sum of 120 minutes', [1, 0, 0, 0, 0, 3, 0], 3, 3],
    ['shoot-out on top of regular time', [1, 0, 0, 0, 0, 0, 4], 1, 5],
    ['shoot-out on top of extra time', [2, 1, 0, 0, 0, 3, 4], 3, 7],
    ['nothing', NO_SCORE, 0, 0],
  ])('%s', (_, slots, expectedGoals, shown) => {
    expect([goals(slots), displayScore(slots)]).toEqual([expectedGoals, shown]);
  });
});

describe('comparing slots', () => {
  it('two sides are the same only when all seven counts are', () => {
    fc.assert(
      fc.property(anySlots, fc.nat(6), (slots, slot) => {
        expect(sameSlots(slots, slots)).toBe(true);
        expect(sameSlots(slots, [...slots])).toBe(true);
        expect(sameSlots(slots, withSlot(slots, slot, (slots[slot] as number) + 1))).toBe(false);
      }),
    );
  });

  it('above means at least one count above, whatever the others do', () => {
    fc.assert(
      fc.property(anySlots, anySlots, (a, b) => {
        expect(isAbove(a, b)).toBe(a.some((value, slot) => value > (b[slot] as number)));
      }),
    );
    expect(isAbove(NO_SCORE, NO_SCORE)).toBe(false);
  });

  it('the higher of two takes each count from one of them and is below neither', () => {
    fc.assert(
      fc.property(anySlots, anySlots, (a, b) => {
        const highest = higherOf(a, b);
        expect(isAbove(a, highest) || isAbove(b, highest)).toBe(false);
        expect(highest.every((value, slot) => value === a[slot] || value === b[slot])).toBe(true);
      }),
    );
    const same: Slots = [1, 2, 3, 4, 5, 6, 7];
    expect(higherOf(same, same)).toBe(same);
  });
});

describe('corners', () => {
  it('are kept where a report has none, and taken where it has', () => {
    const known: Slots = [0, 0, 0, 0, 7, 0, 0];
    expect(withKnownCorners([1, 0, 0, 0, NO_CORNER_DATA, 0, 0], known)).toEqual([1, 0, 0, 0, 7, 0, 0]);
    expect(withKnownCorners([1, 0, 0, 0, 0, 0, 0], known)).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });
});

describe('the slots that make readers see a score', () => {
  it.each<[string, Slots, number, Slots | null]>([
    ['in regular time', [2, 1, 0, 0, 0, 0, 0], 3, [3, 1, 0, 0, 0, 0, 0]],
    ['below half-time', [2, 2, 0, 0, 0, 0, 0], 1, [1, 1, 0, 0, 0, 0, 0]],
    ['in extra time', [1, 0, 0, 0, 0, 2, 0], 3, [1, 0, 0, 0, 0, 3, 0]],
    ['below regular time', [2, 0, 0, 0, 0, 2, 0], 1, [1, 0, 0, 0, 0, 0, 0]],
    ['none, after extra time', [0, 0, 0, 0, 0, 1, 0], 0, [0, 0, 0, 0, 0, 0, 0]],
    ['after a shoot-out', [1, 0, 0, 0, 0, 1, 4], 6, [1, 0, 0, 0, 0, 2, 4]],
    ['that the shoot-out alone exceeds', [1, 0, 0, 0, 0, 1, 4], 3, null],
  ])('%s', (_what, before, shown, after) => {
    expect(slotsShowing(before, shown)).toEqual(after);
    if (after) expect(displayScore(after)).toBe(shown);
  });
});
