import { describe, expect, it } from '@jest/globals';
import { foldCommentary, MAX_COMMENTARY } from './commentary-list.js';

const line = (data: string, time = "5'") => ({ data, time, position: 1 });

describe('foldCommentary', () => {
  it('adds what is new, in order of arrival', () => {
    expect(foldCommentary([line('a')], [line('a'), line('b'), line('b'), line('a', "6'")])).toEqual([
      line('a'),
      line('b'),
      line('a', "6'"),
    ]);
  });

  it('gives the stored array back when nothing is new', () => {
    const stored = [{ data: 'x' }, line('a'), {}];
    expect(foldCommentary(stored, [line('a'), { data: 'x' }])).toBe(stored);
  });

  it('holds at most 1,000 lines', () => {
    const full = foldCommentary(
      [],
      Array.from({ length: MAX_COMMENTARY + 1 }, (_, i) => line(`${i}`)),
    );
    expect(full).toHaveLength(MAX_COMMENTARY);
    expect(foldCommentary(full, [line('more')])).toBe(full);
  });
});
