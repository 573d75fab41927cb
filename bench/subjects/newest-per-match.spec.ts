import { describe, expect, it } from '@jest/globals';
import { NewestPerMatch } from './newest-per-match.js';
import type { FeedItem } from './row.js';

function item(id: string, goals: number): FeedItem {
  return { id, score: [id, 4, [goals, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], 1_700_000_000] };
}

describe('NewestPerMatch', () => {
  it('gives the newest item of a match and counts those it stands for', () => {
    const newest = new NewestPerMatch();
    for (const goals of [1, 2, 3]) newest.add(item('a', goals));
    expect(newest.take(10)).toEqual([{ item: item('a', 3), items: 3 }]);
  });

  it('gives matches in the order they came, a newer item does not send one to the end', () => {
    const newest = new NewestPerMatch();
    for (const each of [item('a', 1), item('b', 1), item('a', 2)]) newest.add(each);
    expect(newest.take(10).map((waiting) => waiting.item.id)).toEqual(['a', 'b']);
  });

  it('gives no more than asked for and keeps the others', () => {
    const newest = new NewestPerMatch();
    for (const id of ['a', 'b', 'c']) newest.add(item(id, 1));
    expect(newest.take(2).map((waiting) => waiting.item.id)).toEqual(['a', 'b']);
    expect(newest.take(2).map((waiting) => waiting.item.id)).toEqual(['c']);
    expect(newest.take(2)).toEqual([]);
  });

  it('counts anew what comes after it was taken', () => {
    const newest = new NewestPerMatch();
    newest.add(item('a', 1));
    newest.take(1);
    newest.add(item('a', 2));
    expect(newest.take(1)).toEqual([{ item: item('a', 2), items: 1 }]);
  });
});
