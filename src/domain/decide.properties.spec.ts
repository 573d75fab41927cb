import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { History, type Report, slots } from '../../test/support/history.js';
import { cases } from '../../test/support/long-form.js';
import { randomMatch, type Told } from '../../test/support/random-match.js';

const play = (reports: readonly Report[]): History => {
  const match = new History();
  for (const report of reports) match.tell(report);
  return match;
};

const goals = (match: History) => match.count('goal') - match.count('goal-cancelled');

/** What readers see and settle on. */
const result = ({ state }: History) => ({ status: state.status, home: state.home, away: state.away });

const RUNS = { numRuns: cases(250, 1_000) };

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
          const vouchedFor = before.providerTimeS !== match.state.providerTimeS;
          const single = !vouchedFor && match.outcomes.at(-1) !== 'applied/insisted';
          if (before.status === 8 && single) expect([5, 7, 8, 9, 10, 11, 12, 13]).toContain(match.state.status);
          if (before.minute !== null) expect(match.state.minute).not.toBeNull();
          if (before.kickoffs.firstHalfS !== null) expect(match.state.kickoffs.firstHalfS).not.toBeNull();
        }
      }),
      RUNS,
    );
  });

  it('told in order with corrupt frames among it, the row ends as the last frame that does not stand alone', () => {
    const corrupt = fc.record({ at: fc.nat(200), goals: fc.integer({ min: 20, max: 99 }) });
    fc.assert(
      fc.property(randomMatch, corrupt, (told, { at, goals: wrong }) => {
        const n = at % told.length;
        const before = told[n] as Told;
        const frame = { ...before, home: slots(wrong, { et: before.home[5] && wrong }), atS: before.atS + 1 };
        const calm = play(told);
        const wild = play([...told.slice(0, n + 1), frame, ...told.slice(n + 1)]);
        expect(result(wild)).toEqual(result(calm));
        expect(wild.events).toEqual(calm.events);
      }),
      RUNS,
    );
  });
});

describe('the ways out', () => {
  const copies = fc.record({
    pick: fc.nat(200),
    gapsS: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 3, maxLength: 12 }),
  });

  it('copies of one old state, however often and long they come, never insist', () => {
    fc.assert(
      fc.property(randomMatch, copies, (told, { pick, gapsS }) => {
        const match = play(told);
        const before = result(match);
        const last = told.at(-1) as Told;
        const old = told[pick % told.length] as Told;
        if (old.period === last.period) return;
        let atS = last.atS + 1_300;
        for (const gapS of gapsS) {
          atS += gapS;
          match.tell({ ...old, atS });
        }
        expect(result(match)).toEqual(before);
      }),
      RUNS,
    );
  });

  it('a run with life that follows itself for a minute is believed without a provider, and not before', () => {
    fc.assert(
      fc.property(randomMatch, copies, (told, { gapsS }) => {
        const match = play(told);
        const last = told.at(-1) as Told;
        const alive = { ...last, status: 4 as const, home: slots(last.home[0], { corners: last.home[4] + 1 }) };
        const startS = last.atS + 1_300;
        let atS = startS;
        for (const [n, gapS] of gapsS.entries()) {
          if (n > 0) atS += gapS;
          match.tell({ ...alive, atS, home: alive.home, kickoffS: null });
          expect(match.state.status === 4).toBe(n >= 2 && atS - startS >= 60);
          if (match.state.status === 4) return;
        }
      }),
      RUNS,
    );
  });

  it('whatever the feed was refused for is applied as soon as the provider agrees, settled', () => {
    const status = fc.constantFrom(...([1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13] as const));
    const count = fc.nat(9);
    fc.assert(
      fc.property(randomMatch, status, count, count, (told, to, home, away) => {
        const match = play(told);
        const atS = (told.at(-1) as Told).atS + 200;
        const said = { status: to, home: slots(home), away: slots(away) };
        if (/^(applied|duplicate)/.test(match.tell({ ...said, atS }))) return;
        match.tell({ ...said, atS: atS + 30, pulledAfterS: 0, provider: 'answering' });
        expect(result(match)).toEqual(said);
        expect(match.heard).toMatchObject({ question: null, run: [], refusals: null });
      }),
      RUNS,
    );
  });
});
