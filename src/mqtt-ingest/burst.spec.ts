import { describe, expect, it } from '@jest/globals';
import { type Report, slots, toUpdate } from '../../test/support/history.js';
import { Burst } from './burst.js';

const AT_S = 1_768_669_000;

/** The place of the newest of these frames, all held in one burst. */
const newestOf = (...reports: readonly Omit<Report, 'atS'>[]): number => {
  const burst = new Burst();
  const updates = reports.map((report, n) => toUpdate({ atS: AT_S + n / 100, ...report }));
  for (const update of updates) burst.add(update, undefined);
  const [match] = burst.matches;
  return updates.findIndex((update) => Object.is(update, match?.newest?.update));
};

describe('the newest score of a burst', () => {
  it('is the last one that came', () => {
    expect(newestOf({ status: 2 }, { status: 2, home: slots(1) }, { status: 2, home: slots(0) })).toBe(2);
    expect(newestOf({ status: 2 }, { status: 3 }, { status: 4 })).toBe(2);
  });

  it('is no late frame of an earlier period', () => {
    expect(newestOf({ status: 4, home: slots(1) }, { status: 4, home: slots(2) }, { status: 2 })).toBe(1);
    expect(newestOf({ status: 5 }, { status: 8, home: slots(1, { et: 2 }) }, { status: 4 }, { status: 5 })).toBe(1);
  });

  it('is no late copy of a first, false end', () => {
    const level = { home: slots(1, { et: 1 }), away: slots(1, { et: 1 }) };
    const decided = { home: slots(1, { et: 1, pens: 4 }), away: slots(1, { et: 1, pens: 3 }) };
    expect(newestOf({ status: 8, ...decided }, { status: 8, ...level })).toBe(0);
    expect(newestOf({ status: 7, ...decided }, { status: 8, ...level })).toBe(0);
  });

  it('is the first of a new period after a false end', () => {
    expect(newestOf({ status: 8, home: slots(1), away: slots(1) }, { status: 5, home: slots(1), away: slots(1) })).toBe(
      1,
    );
  });

  it('is the one with the newest provider time, whatever came when', () => {
    const frames = [AT_S - 3, AT_S - 1, AT_S - 2].map((providerTimeS, n) => ({
      status: 2 as const,
      home: slots(n),
      providerTimeS,
    }));
    expect(newestOf(...frames)).toBe(1);
  });

  it('is the only one there is, even one that the guard would refuse', () => {
    expect(newestOf({ status: 6 })).toBe(0);
  });
});
