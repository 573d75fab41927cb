import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../faults/parts/match-database.js';
import { toldAgain } from './checks/told-again.js';
import { MODES, readOptions } from './options.js';
import { spreadOf } from './report.js';

function version(nth: number, corners: number, matchId = 'm'): JournalEntry {
  const after = {
    status: 2,
    home: [0, 0, 0, 0, corners, 0, 0],
    away: [0, 0, 0, 0, 0, 0, 0],
    kickoffs: [1, null, null],
  };
  return { matchId, epoch: 0, version: nth, source: 'mqtt', before: null, after, catchUp: false, committedAtMs: nth };
}

describe('the look for what was told again', () => {
  it('accepts states that are each another one, and the same state of another match', () => {
    expect(toldAgain([version(1, 1), version(2, 2), version(3, 5), version(1, 1, 'n')])).toEqual([]);
  });

  it('finds a state that became a version twice, at once or later', () => {
    const found = toldAgain([version(1, 1), version(2, 1), version(3, 2), version(4, 1)]);
    expect(found.map(({ kind, text }) => [kind, text])).toEqual([
      ['duplicated', 'm: frame 1 is version 1, and 2 again'],
      ['duplicated', 'm: frame 1 is version 2, and 4 again'],
    ]);
  });
});

describe('the options of the program', () => {
  it('are everything without any, and little in the short form', () => {
    expect(readOptions([])).toMatchObject({ modes: MODES, reloads: 20, restarts: 100, perSecond: 500 });
    expect(readOptions(['--short'])).toMatchObject({ modes: ['cluster', 'loop'], reloads: 1 });
  });

  it('name a mode or a number that is none', () => {
    expect(() => readOptions(['--mode', 'forks'])).toThrow('--mode must be one of fork, pair, cluster, loop, restarts');
    expect(() => readOptions(['--reloads', '0'])).toThrow('--reloads must be a whole number from 1 to 1000, got 0');
  });
});

describe('the spread of some times', () => {
  it('is the lower median and the largest, in whole milliseconds', () => {
    expect(spreadOf([9.6, 1, 3, 2.4])).toEqual({ p50: 2, max: 10 });
    expect(spreadOf([])).toEqual({ p50: 0, max: 0 });
  });
});
