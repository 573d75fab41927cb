import { describe, expect, it } from '@jest/globals';
import { freshMatch, History, slots, KICKOFF_S as T } from '../../test/support/history.js';

const inPlay = (changes: object = {}) =>
  new History(
    freshMatch({
      status: 2,
      home: slots(1),
      shown: { home: 1, away: 0 },
      announced: { home: 1, away: 0 },
      kickoffs: { firstHalfS: T, secondHalfS: null, overtimeS: null },
      kickoffSources: { firstHalf: 'mqtt' },
      minute: null,
      ...changes,
    }),
  );
const SAME = { atS: T + 600, status: 2, home: slots(1), kickoffS: T } as const;

describe('a live row without a minute', () => {
  it('gets it with an answer of the provider that says nothing new, once, and tells of no goal', () => {
    const match = inPlay();
    expect(match.tell({ ...SAME, pulledAfterS: 1 })).toBe('applied/changed');
    expect([match.state.minute, match.count('goal'), match.count('score-changed')]).toEqual([11, 0, 0]);
    expect(match.tell({ ...SAME, atS: T + 700, pulledAfterS: 1 })).toBe('duplicate/nothing-differs');
  });

  it('is left to the next change by a frame of the feed', () => {
    expect(inPlay().tell(SAME)).toBe('duplicate/nothing-differs');
  });

  it.each([
    [
      'no kick-off is known',
      { kickoffs: { firstHalfS: null, secondHalfS: null, overtimeS: null }, kickoffSources: {} },
      { kickoffS: null },
    ],
    ['it has a minute', { minute: 9 }, {}],
    ['it is a shoot-out', { status: 7, reached: 7 }, { status: 7, kickoffS: null }],
  ] as const)('has nothing to gain where %s', (_why, changes, said) => {
    expect(inPlay(changes).tell({ ...SAME, ...said, pulledAfterS: 1 })).toBe('duplicate/nothing-differs');
  });
});
