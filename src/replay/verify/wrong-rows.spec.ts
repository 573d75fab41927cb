import { describe, expect, it } from '@jest/globals';
import { RECORDED_SECONDS } from './expected-row.js';
import { wrongColumns } from './wrong-rows.js';

const MATCH = {
  matchId: 'm1',
  teams: 'A - B',
  goals: 0,
  row: { status_id: 8, home_scores: [2, 1, 0, 0, 3, 0, 0], overtime_kickoff_ts: null, stamp: RECORDED_SECONDS },
};
const RIGHT = { status_id: 8, home_scores: [2, 1, 0, 0, 3, 0, 0], overtime_kickoff_ts: null, stamp: 1_800_000_000 };

describe('wrongColumns', () => {
  it('finds nothing in a right row', () => {
    expect(wrongColumns(MATCH, RIGHT)).toEqual([]);
  });

  it.each([
    ['another status', { status_id: 4 }, 'status_id'],
    ['no status', { status_id: null }, 'status_id'],
    ['another slot', { home_scores: [2, 0, 0, 0, 3, 0, 0] }, 'home_scores'],
    ['a text instead of a list', { home_scores: 'string "[2,1,0,0,3,0,0]"' }, 'home_scores'],
    ['slots as texts', { home_scores: ['2', '1', '0', '0', '3', '0', '0'] }, 'home_scores'],
    ['too few slots', { home_scores: [2, 1, 0, 0, 3, 0] }, 'home_scores'],
    ['a kick-off that never was', { overtime_kickoff_ts: 1_800_000_000 }, 'overtime_kickoff_ts'],
    ['milliseconds', { stamp: 1_800_000_000_000 }, 'stamp'],
    ['fractions', { stamp: 1_800_000_000.5 }, 'stamp'],
    ['no time', { stamp: null }, 'stamp'],
  ])('finds %s', (_, change, column) => {
    const found = wrongColumns(MATCH, { ...RIGHT, ...change });
    expect(found).toMatchObject([{ matchId: 'm1', teams: 'A - B', column }]);
  });

  it('finds a missing row', () => {
    expect(wrongColumns(MATCH, undefined)).toMatchObject([{ column: 'external_id', expected: 'm1', actual: null }]);
  });
});
