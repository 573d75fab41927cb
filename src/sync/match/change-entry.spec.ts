import { describe, expect, it } from '@jest/globals';
import { CHANGE_TYPES, readChanges } from './change-entry.js';

const AT_S = 1_766_242_980;
const groups = (given: Readonly<Record<string, readonly unknown[]>>) => readChanges(new Map(Object.entries(given)));

describe('entries of /data/update', () => {
  it('are read from a sample of the provider', () => {
    // rest-data-update.json of the provider's samples
    const results = {
      1: [{ match_id: 'dn1m1ghlok5omoe', update_time: AT_S }],
      3: [{ season_id: 'e4wyrn4h111q86p', update_time: AT_S + 11 }],
    };
    expect(groups(results)).toEqual({
      entries: [
        { type: 1, of: 'match', id: 'dn1m1ghlok5omoe', updatedAtS: AT_S },
        { type: 3, of: 'season', id: 'e4wyrn4h111q86p', updatedAtS: AT_S + 11 },
      ],
      unknown: 0,
      refused: new Map(),
    });
  });

  it('all eleven types are taken, whatever they are of', () => {
    const given = Object.fromEntries(
      Array.from({ length: CHANGE_TYPES }, (_, n) => [String(n + 1), [{ season_id: 's1', update_time: AT_S }]]),
    );
    expect(groups(given).entries.map(({ type }) => type)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it.each<[string, unknown, object]>([
    ['a match', { match_id: 'm1', team_id: 't1' }, { of: 'match', id: 'm1', updatedAtS: null }],
    ['a team', { team_id: 't1', update_time: AT_S }, { of: 'team', id: 't1', updatedAtS: AT_S }],
    ['something else', { player_id: 'p1' }, { of: 'other', id: 'p1' }],
    ['a list as a whole', { update_time: AT_S }, { of: 'other', id: '', updatedAtS: AT_S }],
    ['a match of digits', { match_id: '318' }, { of: 'match', id: '318' }],
  ])('of %s', (_, item, expected) => {
    expect(groups({ 4: [item] }).entries).toEqual([expect.objectContaining({ type: 4, ...expected })]);
  });

  it.each(['12', '0', 'match', '', '1.5', '-1', '٣'])('key %p is counted, and nothing is thrown', (key) => {
    expect(groups({ [key]: [{ match_id: 'm1' }, null] })).toEqual({ entries: [], unknown: 2, refused: new Map() });
  });

  it.each<[unknown]>([
    [null],
    ['m1'],
    [7],
    [['m1']],
    [{ match_id: 7 }],
    [{ match_id: ' ' }],
    [{ team_id: 'x'.repeat(256) }],
  ])('%p is none', (item) => {
    expect(groups({ 2: [item] })).toEqual({ entries: [], unknown: 0, refused: new Map([[2, 1]]) });
  });

  it('the newest per type and id counts', () => {
    const at = (update_time: number) => ({ match_id: 'm1', update_time });
    expect(groups({ 1: [at(AT_S), at(AT_S + 2), at(AT_S + 1)], 2: [at(AT_S)] }).entries).toEqual([
      { type: 1, of: 'match', id: 'm1', updatedAtS: AT_S + 2 },
      { type: 2, of: 'match', id: 'm1', updatedAtS: AT_S },
    ]);
  });
});
