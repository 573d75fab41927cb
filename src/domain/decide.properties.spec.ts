import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { History, type Report } from '../../test/support/history.js';
import { randomMatch, type Told } from '../../test/support/random-match.js';

const play = (reports: readonly Report[]): History => {
  const match = new History();
  for (const report of reports) match.tell(report);
  return match;
};

const goals = (match: History) => match.count('goal') - match.count('goal-cancelled');

/** What readers see and settle on. */
const result = ({ state }: History) => ({ status: state.status, home: state.home, away: state.away });

const RUNS = { numRuns: 1_000 };

describe('whatever the feed does with its frames', () => {
  it('told in order, the row ends as the last frame', () => {
    fc.assert(
      fc.property(randomMatch, (told) => {
        const last = told.at(-1) as Told;
        expect(result(play(told))).toEqual({ status: last.status, home: last.home, away: last.away });
      }),
      RUNS,
    );
  });

  it('duplicates of the newest frame and late frames of earlier periods change neither the row nor the announcements', () => {
    const noise = fc.infiniteStream(
      fc.record({ duplicates: fc.nat(2), late: fc.nat(2), pick: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
    );
    fc.assert(
      fc.property(randomMatch, noise, (told, stream) => {
        const disturbed = told.flatMap((report, n) => {
          const { duplicates, late, pick } = stream.next().value as { duplicates: number; late: number; pick: number };
          const earlier = told.slice(0, n).filter(({ period }) => period < report.period);
          const copies = Array.from(
            { length: late },
            (_, k) => earlier[Math.floor(((pick + k / 3) % 1) * earlier.length)],
          );
          return [report, ...copies.filter((copy) => copy !== undefined), ...Array(duplicates).fill(report)].map(
            (r: Told) => ({
              ...r,
              atS: report.atS,
            }),
          );
        });
        const calm = play(told);
        const noisy = play(disturbed);
        expect(noisy.state).toEqual(calm.state);
        expect(noisy.events).toEqual(calm.events);
      }),
      RUNS,
    );
  });

  it('reordered updates with provider time end as in order and announce at most the same goals, none twice', () => {
    fc.assert(
      fc.property(
        randomMatch.chain((told) => {
          const stamped = told.map((report, n) => ({ ...report, providerTimeS: report.atS + n }));
          return fc.record({
            told: fc.constant(stamped),
            shuffled: fc.shuffledSubarray(stamped, { minLength: stamped.length }),
          });
        }),
        ({ told, shuffled }) => {
          const end = (told.at(-1) as Told).atS + 60;
          const calm = play(told.map((report) => ({ ...report, atS: end })));
          const wild = play(shuffled.map((report) => ({ ...report, atS: end })));
          expect({ ...result(wild), providerTimeS: wild.state.providerTimeS }).toEqual({
            ...result(calm),
            providerTimeS: calm.state.providerTimeS,
          });
          expect(goals(wild)).toBeLessThanOrEqual(goals(calm));
          expect(wild.count('goal')).toBeLessThanOrEqual(calm.count('goal'));
        },
      ),
      RUNS,
    );
  });

  it('no single push takes a finished match back to play before extra time, and none replaces a value by nothing', () => {
    const slot = fc.integer({ min: 0, max: 9 });
    const anything = fc.record({
      status: fc.constantFrom(...([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const)),
      home: fc.tuple(slot, slot, slot, slot, slot, slot, slot),
      away: fc.tuple(slot, slot, slot, slot, slot, slot, slot),
      kickoffS: fc.option(fc.integer({ min: 1_768_000_000, max: 1_769_000_000 })),
      providerTimeS: fc.option(fc.integer({ min: 1_768_000_000, max: 1_769_000_000 })),
      after: fc.integer({ min: 0, max: 4_000 }),
    });
    fc.assert(
      fc.property(randomMatch, fc.array(anything, { maxLength: 10 }), (told, junk) => {
        const match = play(told);
        const endS = (told.at(-1) as Told).atS;
        for (const { after, ...report } of junk) {
          const before = match.state;
          match.tell({ ...report, atS: endS + after });
          if (before.status === 8) expect([5, 7, 8, 9, 10, 11, 12, 13]).toContain(match.state.status);
          if (before.minute !== null) expect(match.state.minute).not.toBeNull();
          if (before.kickoffs.firstHalfS !== null)
            expect(match.state.kickoffs.firstHalfS).toBe(before.kickoffs.firstHalfS);
        }
      }),
      RUNS,
    );
  });
});
