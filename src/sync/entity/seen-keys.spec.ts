import { describe, expect, it } from '@jest/globals';
import { SeenKeys } from './seen-keys.js';

describe('the ids that a run has met', () => {
  it('tell a list that moved: one id on two pages of one reading', () => {
    const seen = new SeenKeys();
    seen.add(['a', 'b']);
    seen.add(['c']);
    expect(seen.hasShifted).toBe(false);
    seen.add(['b']);
    expect(seen.hasShifted).toBe(true);
  });

  it('tell what a second reading found that the first one had passed by', () => {
    const seen = new SeenKeys();
    seen.add(['a', 'b']);
    seen.nextPass();
    seen.add(['b', 'a']);
    expect([seen.hasShifted, seen.fresh]).toEqual([false, 0]);
    seen.add(['c']);
    expect([seen.hasShifted, seen.fresh, seen.size]).toEqual([false, 1, 3]);
    expect([seen.has('c'), seen.has('d')]).toEqual([true, false]);
  });
});
