import { describe, expect, it } from '@jest/globals';
import { incidentKey } from '../domain/incident-list.js';
import { foldDetails } from './fold-details.js';
import type { StoredDetails } from './ports/details-store.js';

const NOTHING: StoredDetails = { statistics: null, incidents: null, commentary: null, score: null, fingerprint: '7' };
const pending = (parts: object) => ({ matchId: 'a', receivedAtMs: 1, ...parts });
const yellow = { type: 3, position: 1, time: 40, player_id: 'p1' };
const goal = { type: 1, position: 1, time: 30, player_id: 'p1' };

describe('foldDetails', () => {
  it('makes one change of all documents that differ', () => {
    const line = { data: 'x' };
    const folded = foldDetails(
      NOTHING,
      pending({ statistics: [{ type: 2, home: 1, away: 0 }], incidents: [goal, yellow], commentary: [line] }),
    );
    expect(folded?.change).toEqual({
      matchId: 'a',
      parts: { statistics: true, incidents: true, commentary: true },
      fingerprint: '7',
      statistics: { corners: { home: 1, away: 0 } },
      incidents: [goal, yellow],
      commentary: [line],
      announce: [incidentKey(yellow)],
      news: [{ after: yellow }],
    });
  });

  it.each([
    [3, true],
    [4, true],
    [9, true],
    [15, true],
    [19, true],
    [1, false],
    [8, false],
    [17, false],
    [2, false],
    [28, false],
  ])('a new incident of type %i is announced: %p', (type, announced) => {
    const folded = foldDetails({ ...NOTHING, incidents: [] }, pending({ incidents: [{ ...yellow, type }] }));
    expect(folded?.change.announce).toHaveLength(announced ? 1 : 0);
  });

  it('a card moved to another player is announced once more, as a correction', () => {
    const moved = { ...yellow, player_id: 'p2' };
    const folded = foldDetails({ ...NOTHING, incidents: [yellow] }, pending({ incidents: [moved] }));
    expect(folded?.change).toMatchObject({ incidents: [moved], announce: [incidentKey(moved)] });
    expect([...(folded?.news.values() ?? [])]).toEqual([{ before: yellow, after: moved }]);
  });

  it('what a newer list no longer names leaves the list and is kept apart, unless the score counts it', () => {
    const score = { home: [1, 0, 0, 0, 0, 0, 0], away: [0, 0, 0, 0, 0, 0, 0] } as const;
    const stored = { ...NOTHING, incidents: [goal, yellow] };
    expect(foldDetails(stored, pending({ incidents: [] }))?.change).toMatchObject({
      incidents: [],
      withdrawn: [goal, yellow],
    });
    expect(foldDetails({ ...stored, score }, pending({ incidents: [] }))?.change).toMatchObject({
      incidents: [goal],
      withdrawn: [yellow],
    });
  });

  it('a frame without a list withdraws nothing', () => {
    const stored = { ...NOTHING, incidents: [yellow] };
    expect(foldDetails(stored, pending({ commentary: [{ data: 'x' }] }))?.change).not.toHaveProperty('withdrawn');
  });

  it('a card that is stored already is not announced', () => {
    const red = { ...yellow, type: 4 };
    const folded = foldDetails({ ...NOTHING, incidents: [yellow] }, pending({ incidents: [yellow, red] }));
    expect(folded?.change.announce).toEqual([incidentKey(red)]);
  });

  it.each([
    ['everything is known', { ...NOTHING, incidents: [yellow] }, pending({ incidents: [yellow] })],
    ['the statistic is not stored', NOTHING, pending({ statistics: [{ type: 8, home: 1, away: 1 }] })],
    ['the empty list is stored', { ...NOTHING, incidents: [] }, pending({ incidents: [] })],
  ])('no change when %s', (_what, stored, details) => {
    expect(foldDetails(stored, details)).toBeNull();
  });

  it('an empty list takes the place of an absent or damaged one', () => {
    expect(foldDetails(NOTHING, pending({ incidents: [] }))?.change).toMatchObject({ incidents: [] });
  });
});
