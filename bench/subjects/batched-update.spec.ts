import { describe, expect, it } from '@jest/globals';
import { bindUpdate, UPDATE_MANY, UPDATE_ONE } from './batched-update.js';
import { type FeedItem, ROW_COLUMNS } from './row.js';

function item(id: string, goals: number): FeedItem {
  return { id, score: [id, 4, [goals, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], 1_700_000_000] };
}

describe('bindUpdate', () => {
  it('binds one item as scalars', () => {
    const { name, values } = bindUpdate([item('a', 2)]);
    expect(name).toBe(UPDATE_ONE.name);
    expect(values).toHaveLength(1 + ROW_COLUMNS.length);
    expect(values.slice(0, 5)).toEqual(['a', 4, '[2,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', 2]);
  });

  it('binds several as one array for each column', () => {
    const { name, values } = bindUpdate([item('a', 2), item('b', 3)]);
    expect(name).toBe(UPDATE_MANY.name);
    expect(values).toHaveLength(1 + ROW_COLUMNS.length);
    expect(values.slice(0, 3)).toEqual([
      ['a', 'b'],
      [4, 4],
      ['[2,0,0,0,0,0,0]', '[3,0,0,0,0,0,0]'],
    ]);
  });
});
