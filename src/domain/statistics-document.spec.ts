import { describe, expect, it } from '@jest/globals';
import { mergeStatistics, readStatistics } from './statistics-document.js';

describe('mergeStatistics', () => {
  it('stores every listed type under its readable key and drops the others', () => {
    const types = [2, 5, 6, 7, 21, 22, 23, 24, 25, 37, 8, 101];
    expect(
      Object.keys(
        mergeStatistics(
          {},
          types.map((type) => ({ type, home: 1, away: 0 })),
        ),
      ),
    ).toEqual([
      'corners',
      'offsides',
      'free_kicks',
      'goal_kicks',
      'shots_on_target',
      'shots_off_target',
      'attacks',
      'dangerous_attacks',
      'possession',
      'blocked_shots',
    ]);
  });

  it('sets our keys beside a document of another shape', () => {
    const foreign = { matchId: 'm', basicStats: [{ type: 2 }], corners: 'many' };
    expect(mergeStatistics(foreign, [{ type: 2, home: 5, away: 0 }])).toEqual({
      matchId: 'm',
      basicStats: [{ type: 2 }],
      corners: { home: 5, away: 0 },
    });
  });

  it.each([
    ['nothing came', {}, []],
    ['only unlisted types came', {}, [{ type: 8, home: 1, away: 1 }]],
    ['the values are known', { corners: { home: 5, away: 3 } }, [{ type: 2, home: 5, away: 3 }]],
  ])('gives the stored object back when %s', (_what, stored, incoming) => {
    expect(mergeStatistics(stored, incoming)).toBe(stored);
  });

  it('keeps known statistics that did not come, and the last of two values', () => {
    const stored = { corners: { home: 5, away: 3 }, attacks: null };
    const incoming = [
      { type: 25, home: 50, away: 50 },
      { type: 25, home: 57, away: 43 },
      { type: 23, home: 0, away: 0 },
    ];
    expect(mergeStatistics(stored, incoming)).toEqual({
      corners: { home: 5, away: 3 },
      possession: { home: 57, away: 43 },
      attacks: { home: 0, away: 0 },
    });
  });

  it.each([[{ home: 6, away: 3 }], [{ home: 5, away: 4 }]])('a known statistic changes to %p', (value) => {
    expect(mergeStatistics({ corners: { home: 5, away: 3 } }, [{ type: 2, ...value }])).toEqual({ corners: value });
  });
});

describe('readStatistics', () => {
  it('finds what mergeStatistics stored, beside anything else', () => {
    const statistics = [
      { type: 2, home: 5, away: 3 },
      { type: 25, home: 60, away: 40 },
    ];
    expect(readStatistics(mergeStatistics({ matchId: 'm' }, statistics))).toEqual(statistics);
  });

  it.each([{}, { corners: 'many' }, { corners: null }, { corners: { home: '5', away: 3 } }])(
    'finds nothing in %j',
    (d) => {
      expect(readStatistics(d)).toEqual([]);
    },
  );
});
