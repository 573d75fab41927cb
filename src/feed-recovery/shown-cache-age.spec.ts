import { describe, expect, it } from '@jest/globals';
import { decided } from '../../test/support/decided.js';
import { type Report, slots, toUpdate } from '../../test/support/history.js';
import { shownCacheAgeMs } from './shown-cache-age.js';

const AT_S = 1_768_669_000;

/** Of frames and answers, told in seconds. */
const shownS = (...told: readonly (Omit<Report, 'status'> & { readonly refused?: true })[]): number | null => {
  const decisions = told.map(({ atS, refused, ...report }) =>
    decided(toUpdate({ ...report, status: 2, atS: AT_S + atS }), refused ? 'stale' : 'applied'),
  );
  const ageMs = shownCacheAgeMs(decisions);
  return ageMs === null ? null : ageMs / 1_000;
};
const before = { home: slots(0) };
const goal = { home: slots(1) };
const pulled = { pulledAfterS: 1 };

describe('the age of the provider’s cache', () => {
  it('is shown by an answer that still said what the feed had said, once a later one agrees with the feed', () => {
    const story = [
      { atS: 0, ...before },
      { atS: 100, ...goal },
      { atS: 146, ...before, ...pulled, refused: true as const },
    ];
    expect(shownS(...story)).toBeNull();
    expect(shownS(...story, { atS: 176, ...goal, ...pulled })).toBe(45);
  });

  it('is shown as well when the outdated answer was believed, and counts from the first frame of the change', () => {
    const age = shownS(
      { atS: 0, ...before },
      { atS: 100, ...goal },
      { atS: 110, ...goal },
      { atS: 161, ...before, ...pulled },
      { atS: 170, ...goal },
      { atS: 191, ...goal, ...pulled },
    );
    expect(age).toBe(60);
  });

  it('is not shown by a provider that knows more than the feed, or that takes back what nobody else did', () => {
    expect(
      shownS({ atS: 0, ...before }, { atS: 60, ...goal, ...pulled }, { atS: 90, ...before, ...pulled }),
    ).toBeNull();
    expect(shownS({ atS: 0, ...before }, { atS: 60, ...goal, ...pulled }, { atS: 61, ...goal })).toBeNull();
  });

  it('is not shown by an answer on its way while the feed spoke, nor by refused frames', () => {
    const onItsWay = { atS: 101, ...before, pulledAfterS: 2 };
    expect(shownS({ atS: 0, ...before }, { atS: 100, ...goal }, onItsWay, { atS: 140, ...goal, ...pulled })).toBeNull();
    const refused = { atS: 100, ...goal, refused: true as const };
    const answers = [
      { atS: 140, ...before, ...pulled },
      { atS: 170, ...goal, ...pulled },
    ];
    expect(shownS({ atS: 0, ...before }, refused, ...answers)).toBeNull();
  });
});
