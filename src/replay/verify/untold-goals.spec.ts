import { describe, expect, it } from '@jest/globals';
import type { Slots } from '../../domain/score.js';
import { untoldBetween } from './untold-goals.js';

const slots = (regular: number, extraTime = 0): Slots => [regular, 0, 0, 0, 0, extraTime, 0];
const score = (home: number, away: number, extraTime = 0) => ({ home: slots(home, extraTime), away: slots(away) });

describe('untoldBetween', () => {
  it.each([
    ['the first commit of a match with five goals', null, score(3, 2), 0],
    ['seven goals at once', score(0, 0), score(7, 0), 2],
    ['six goals, of both sides', score(1, 0), score(4, 3), 1],
    ['a column that was empty', { home: null, away: null }, score(4, 2), 1],
    ['a goal of extra time, which counts those before it', score(2, 2), score(2, 2, 3), 0],
    ['goals taken back', score(6, 0), score(0, 0), 0],
  ])('%s', (_, before, after, untold) => {
    expect(untoldBetween(before, after)).toBe(untold);
  });
});
