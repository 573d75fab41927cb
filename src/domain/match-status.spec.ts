import { describe, expect, it } from '@jest/globals';
import { isLive, isMatchStatus, isOver, isSettable, MatchStatus, mayGoOn, transition } from './match-status.js';

const ALL = Object.values(MatchStatus);

describe('match status', () => {
  it('knows the fourteen codes and nothing else', () => {
    expect(ALL.every(isMatchStatus)).toBe(true);
    expect(ALL).toHaveLength(14);
    for (const value of [-1, 14, 2.5, Number.NaN, '2', null, undefined, [2]]) expect(isMatchStatus(value)).toBe(false);
  });

  it('counts half-time, extra time and the shoot-out as live, and no other pause', () => {
    expect(ALL.filter(isLive)).toEqual([2, 3, 4, 5, 7]);
  });
});

/** One row per status a match is in: what each of the statuses 0 to 13 means to it, in order. */
const TABLE: readonly (readonly [MatchStatus, string])[] = [
  [0, 'stay legal legal legal legal legal never legal legal legal legal legal legal legal'],
  [1, 'never stay legal legal legal legal never legal legal legal legal legal legal legal'],
  [2, 'never late stay legal legal legal never legal legal legal legal legal legal legal'],
  [3, 'never late late stay legal legal never legal legal legal legal legal legal legal'],
  [4, 'never late late late stay legal never legal legal legal legal legal legal legal'],
  [5, 'never late late late late stay never legal legal legal legal legal legal legal'],
  [6, 'never late late late late late stay legal legal legal legal legal legal legal'],
  [7, 'never late late late late late never stay legal legal legal legal legal legal'],
  [8, 'never late late late late reopen never reopen stay legal legal legal legal legal'],
  [9, 'never resume resume resume resume resume never resume legal stay legal legal legal legal'],
  [10, 'never resume resume resume resume resume never resume legal legal stay legal legal legal'],
  [11, 'never revive revive revive revive revive never revive revive revive revive stay revive revive'],
  [12, 'never revive revive revive revive revive never revive revive revive revive revive stay revive'],
  [13, 'never resume resume resume resume resume never resume legal legal legal legal legal stay'],
];

describe('the transition table', () => {
  it.each(TABLE)('from %d', (from, expected) => {
    expect(ALL.map((to) => transition(from, to)).join(' ')).toBe(expected);
  });
});

describe('out of play', () => {
  it('is 8 and everything above; 9, 10 and 13 may go on', () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;
    expect(all.filter(isOver)).toEqual([8, 9, 10, 11, 12, 13]);
    expect(all.filter(mayGoOn)).toEqual([9, 10, 13]);
    expect(all.filter((status) => !isSettable(status))).toEqual([0, 6]);
  });
});
