import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MatchStatus } from '../domain/match-status.js';
import { displayScore, type Slots } from '../domain/score.js';
import { toCount, toInteger, toSlots } from './field-values.js';
import { overlayScore } from './overlay-score.js';

const { FirstHalf, SecondHalf, ExtraTime, Shootout, Ended } = MatchStatus;
const say = (fields: { display?: number; slots?: Slots; counts?: [number, number][] }) => ({
  slots: fields.slots ?? null,
  counts: new Map(fields.counts),
  display: fields.display ?? null,
});

describe('a score laid over the row', () => {
  it.each<[string, Slots, Parameters<typeof say>[0], MatchStatus, Slots | null]>([
    ['a goal in play', [0, 0, 0, 1, 4, 0, 0], { display: 1 }, FirstHalf, [1, 0, 0, 1, 4, 0, 0]],
    ['a goal taken back', [2, 1, 0, 0, 0, 0, 0], { display: 1 }, SecondHalf, [1, 1, 0, 0, 0, 0, 0]],
    [
      'display and regular alike',
      [1, 1, 0, 0, 0, 0, 0],
      { display: 2, counts: [[0, 2]] },
      SecondHalf,
      [2, 1, 0, 0, 0, 0, 0],
    ],
    ['the first goal of extra time', [1, 1, 0, 0, 0, 0, 0], { display: 2 }, ExtraTime, [1, 1, 0, 0, 0, 2, 0]],
    ['extra time without a goal yet', [1, 1, 0, 0, 0, 0, 0], { display: 1 }, ExtraTime, [1, 1, 0, 0, 0, 0, 0]],
    ['a shoot-out', [1, 1, 0, 0, 0, 2, 0], { display: 6 }, Shootout, [1, 1, 0, 0, 0, 2, 4]],
    ['a shoot-out after no goal of extra time', [1, 1, 0, 0, 0, 0, 0], { display: 5 }, Shootout, [1, 1, 0, 0, 0, 0, 4]],
    ['the end after extra time', [1, 1, 0, 0, 0, 2, 0], { display: 3 }, Ended, [1, 1, 0, 0, 0, 3, 0]],
    ['the end after a shoot-out', [1, 1, 0, 0, 0, 2, 4], { display: 6 }, Ended, [1, 1, 0, 0, 0, 2, 4]],
    [
      'more than the regular score',
      [0, 0, 0, 0, 0, 0, 0],
      { display: 3, counts: [[0, 2]] },
      Ended,
      [2, 0, 0, 0, 0, 3, 0],
    ],
    [
      'cards and corners',
      [1, 0, 0, 0, 0, 0, 0],
      {
        counts: [
          [2, 1],
          [3, 4],
          [4, 7],
        ],
      },
      FirstHalf,
      [1, 0, 1, 4, 7, 0, 0],
    ],
    ['the whole array', [1, 0, 0, 0, 0, 0, 0], { slots: [2, 1, 0, 3, 5, 0, 0] }, SecondHalf, [2, 1, 0, 3, 5, 0, 0]],
    ['less than the shoot-out alone', [1, 1, 0, 0, 0, 2, 4], { display: 3 }, Ended, null],
    ['less than the goals before the shoot-out', [3, 1, 0, 0, 0, 0, 0], { display: 2 }, Shootout, null],
  ])('%s', (_, known, said, status, expected) => {
    expect(overlayScore(known, say(said), status)).toEqual(expected);
  });

  it('shows the display score that was said, and never a count below 0, or is none', () => {
    const count = fc.nat(12);
    fc.assert(
      fc.property(
        fc.tuple(count, count, count, count, count, count, count),
        count,
        fc.constantFrom(2, 3, 4, 5, 7, 8),
        (known, display, status) => {
          const slots = overlayScore(known, say({ display }), status as MatchStatus);
          if (!slots) return;
          expect(displayScore(slots)).toBe(display);
          expect(Math.min(...slots)).toBeGreaterThanOrEqual(0);
          expect(slots.slice(1, 5)).toEqual(known.slice(1, 5));
        },
      ),
    );
  });
});

describe('values of columns', () => {
  it.each([
    [3, 3],
    ['3', 3],
    ['1768662000', 1_768_662_000],
    [0, 0],
    [-1, null],
    [1.5, null],
    ['1795436109.958', null],
    [Number.NaN, null],
    [null, null],
    [undefined, null],
    ['', null],
    [true, null],
    [Number.POSITIVE_INFINITY, null],
  ])('%p as an integer is %p', (value, expected) => expect(toInteger(value)).toBe(expected));

  it('a count fits a smallint', () => expect([toCount(32_767), toCount(32_768)]).toEqual([32_767, null]));

  it.each([
    [[1, 0, 0, 0, 0, 0, 0], true],
    ['[1,0,0,0,0,0,0]', true],
    [[1, 0, 0, 0, 0, 0], false],
    [[1, 0, 0, 0, -1, 0, 0], false],
    [['1', 0, 0, 0, 0, 0, 0], false],
    ['[1,', false],
    [{}, false],
  ])('%j as seven slots: %p', (value, valid) => expect(toSlots(value) !== null).toBe(valid));
});
