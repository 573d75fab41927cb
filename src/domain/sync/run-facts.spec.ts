import { describe, expect, it } from '@jest/globals';
import { NOTHING_DONE } from './run-facts.js';

describe('the counts of a run that has done nothing', () => {
  it('are none, and nobody counts in them', () => {
    expect(new Set(Object.values(NOTHING_DONE))).toEqual(new Set([0]));
    expect(Object.isFrozen(NOTHING_DONE)).toBe(true);
  });
});
