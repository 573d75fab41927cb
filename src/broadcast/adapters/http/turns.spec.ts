import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const LENGTH_MS = 20_000;
const turns = new Turns(LENGTH_MS);
const KEY = 'match m1';
const NOW_MS = 1_700_000_000_000;
const present = turns.at(KEY, NOW_MS) as number;
const endMs = NOW_MS + turns.of(KEY, null, NOW_MS).waitMs;

describe('the turns of a match', () => {
  it('last as long as a reader may wait, and follow each other', () => {
    expect(turns.at(KEY, endMs - 1)).toBe(present);
    expect(turns.at(KEY, endMs)).toBe(present + 1);
    expect(turns.at(KEY, endMs + LENGTH_MS - 1)).toBe(present + 1);
    expect(turns.at(KEY, endMs + LENGTH_MS)).toBe(present + 2);
  });

  it('end for all at once, and all name the same one next', () => {
    const beginMs = endMs - LENGTH_MS;
    for (const atMs of [beginMs, beginMs + 1, NOW_MS, endMs - 1]) {
      expect(turns.of(KEY, null, atMs)).toEqual({ waitMs: endMs - atMs, next: present + 1 });
      expect(turns.of(KEY, present, atMs)).toEqual({ waitMs: endMs - atMs, next: present + 1 });
    }
  });

  it('answer who names one that is over at once', () => {
    expect(turns.of(KEY, present - 1, NOW_MS)).toEqual({ waitMs: 0, next: present });
    expect(turns.of(KEY, 0, NOW_MS)).toEqual({ waitMs: 0, next: present });
  });

  it('stand a clock of another instance that is a little ahead, and never name the turn that was asked for', () => {
    expect(turns.of(KEY, present + 1, endMs - 2_000)).toEqual({ waitMs: 2_000 + LENGTH_MS, next: present + 2 });
    expect(turns.of(KEY, present + 1, endMs - 2_001)).toEqual({ waitMs: 2_001, next: present + 2 });
    expect(turns.of(KEY, present + 2, endMs - 1)).toEqual({ waitMs: 1, next: present + 1 });
  });

  it('end at other times for other matches', () => {
    const ends = Array.from({ length: 100 }, (_, at) => turns.of(`match ${at}`, null, NOW_MS).waitMs);
    expect(new Set(ends).size).toBeGreaterThan(20);
    expect(Math.max(...ends)).toBeLessThanOrEqual(LENGTH_MS);
    expect(Math.min(...ends)).toBeGreaterThan(0);
  });

  it('do not exist where nobody may wait', () => {
    expect(new Turns(0).at(KEY, NOW_MS)).toBeNull();
    expect(new Turns(0).of(KEY, 5, NOW_MS).waitMs).toBe(0);
  });

  it('may be as short as a millisecond', () => {
    expect(new Turns(1).of(KEY, null, NOW_MS).waitMs).toBe(1);
  });
});
