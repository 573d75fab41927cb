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

describe('what the newest score of a burst carries on', () => {
  const folded = (...reports: readonly Omit<Report, 'atS'>[]) => {
    const burst = new Burst();
    for (const [n, report] of reports.entries()) burst.add(toUpdate({ atS: AT_S + n / 100, ...report }), undefined);
    const [match] = burst.matches;
    return match?.folded;
  };
  const [first, second] = [AT_S - 6_000, AT_S - 2_000];

  it('is nothing when it is alone', () => {
    expect(folded({ status: 2, kickoffS: first })?.carried).toBeUndefined();
  });

  it('is every kick-off that was shown, also by a frame that came late', () => {
    const inOrder = folded({ status: 2, kickoffS: first }, { status: 3 }, { status: 4, kickoffS: second });
    expect(inOrder).toMatchObject({ score: { status: 4 }, carried: { kickoffs: { firstHalfS: first } } });
    const late = folded({ status: 4, kickoffS: second }, { status: 2, kickoffS: first });
    expect(late).toMatchObject({ score: { status: 4 }, carried: { kickoffs: { firstHalfS: first } } });
  });

  it('is the highest count that was shown', () => {
    const corrected = folded({ status: 2, home: slots(1) }, { status: 2, home: slots(0) });
    expect(corrected).toMatchObject({ score: { home: slots(0) }, carried: { peak: { home: slots(1) } } });
  });
});

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
