import { describe, expect, it } from '@jest/globals';
import { readDeleted } from './deleted-ids.js';

const read = (given: Readonly<Record<string, readonly unknown[]>>) => readDeleted(new Map(Object.entries(given)));

describe('ids of /deleted', () => {
  it.each<[string, string]>([
    ['match', 'match'],
    ['matches', 'match'],
    ['teams', 'team'],
    ['Countries', 'country'],
    ['categories', 'category'],
    ['coaches', 'coach'],
    ['stage', 'stage'],
  ])('kind %s is %s', (kind, entity) => {
    expect(read({ [kind]: ['a'] })).toEqual({ byEntity: new Map([[entity, ['a']]]), unknown: 0, refused: 0 });
  });

  it('entries are ids or objects with one, each once', () => {
    expect(read({ team: ['a', { id: 'b', updated_at: 1 }, 'a'], teams: ['b', 'c'] }).byEntity).toEqual(
      new Map([['team', ['a', 'b', 'c']]]),
    );
  });

  it.each(['odds', 'constructor', '__proto__', ''])('kind %p is none of ours', (kind) => {
    expect(readDeleted(new Map([[kind, ['a', 'b']]]))).toEqual({ byEntity: new Map(), unknown: 2, refused: 0 });
  });

  it.each<[unknown]>([[7], [null], [''], [' '], [{}], [{ id: 7 }], [['a']], ['a\0'], ['x'.repeat(256)]])(
    '%p is no id',
    (item) => {
      expect(read({ team: [item] })).toMatchObject({ refused: 1, byEntity: new Map() });
    },
  );
});
