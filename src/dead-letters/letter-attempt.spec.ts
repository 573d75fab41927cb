import { describe, expect, it } from '@jest/globals';
import { toUpdate } from '../../test/support/history.js';
import { APPLIED, DUPLICATE, ENDED, UNKNOWN_MATCH } from '../domain/outcomes.js';
import { LetterAttempt } from './letter-attempt.js';
import type { StoredLetter } from './ports/dead-letter-store.js';

const update = toUpdate({ atS: 1_700_000_000, status: 4 });

/** What was told of letters that are needed no more. */
function attempted(told: boolean[]): LetterAttempt {
  const listener = { answered: () => {}, done: (_letter: StoredLetter, isTaken: boolean) => told.push(isTaken) };
  return new LetterAttempt({} as StoredLetter, [update], null, listener);
}

describe('a letter that is needed no more', () => {
  it.each([
    ['was taken', APPLIED, true],
    ['says what is known', DUPLICATE, true],
    ['was refused', ENDED, false],
  ])('%s', (_what, outcome, isTaken) => {
    const told: boolean[] = [];
    attempted(told).concluded(update, outcome);
    const parked = attempted(told);
    parked.concluded(update, UNKNOWN_MATCH);
    parked.replayed(update, outcome);
    expect(told).toEqual([isTaken, isTaken]);
  });
});
