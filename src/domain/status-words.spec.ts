import { describe, expect, it } from '@jest/globals';
import { statusWords } from './status-words.js';

describe('a status in words', () => {
  it.each([
    [2, 'first half'],
    [8, 'ended'],
    [99, 'status 99'],
    [null, 'no row'],
  ])('is, of %j, %j', (status, words) => {
    expect(statusWords(status)).toBe(words);
  });
});
