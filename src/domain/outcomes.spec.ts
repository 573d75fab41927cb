import { describe, expect, it } from '@jest/globals';
import { APPLIED, DUPLICATE, ENDED, isRefused, OVERTAKEN, SUPERSEDED, UNKNOWN_MATCH } from './outcomes.js';

describe('an outcome', () => {
  it.each([
    [APPLIED, false],
    [DUPLICATE, false],
    [SUPERSEDED, false],
    [UNKNOWN_MATCH, false],
    [OVERTAKEN, true],
    [ENDED, true],
  ])('%j is a refusal: %p', (outcome, refused) => {
    expect(isRefused(outcome)).toBe(refused);
  });
});
