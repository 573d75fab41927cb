import { describe, expect, it } from '@jest/globals';
import { HEALTHY, type PathQuality, SimulatedRun } from '../../../test/rollout/simulated-run.js';
import { cases } from '../../../test/support/long-form.js';
import { SLICES_PER_WINDOW } from './rollout-slice.js';

const RUNS = cases(200, 1_000);
/** Commits per slice of 10 s: 6 to 60 a second in all matches of the canary. */
const BUSY = [100, 600] as const;
/** A canary of a few matches. */
const QUIET = [2, 60] as const;
const HEALTHY_WINDOWS = 3;

/** @returns the slices after which the path was taken back; null when it never was */
function takenBackAfter(run: SimulatedRun, quality: PathQuality, slices: number): number | null {
  for (let n = 1; n <= slices; n++) if (run.next(quality).verdict === 'roll-back') return n;
  return null;
}

function seedsThat(happens: (seed: number) => boolean): readonly number[] {
  return Array.from({ length: RUNS }, (_, seed) => seed).filter(happens);
}

/** Each seed breaks in one of three ways, by a different amount. */
function faultOf(seed: number): PathQuality {
  const amount = (seed % 101) / 100;
  if (seed % 3 === 0) return { ...HEALTHY, p95Ms: 150 + 250 * amount };
  return seed % 3 === 1 ? { ...HEALTHY, errorShare: 0.15 } : { ...HEALTHY, wrongShare: 0.05 };
}

describe(`${RUNS} simulated rollouts`, () => {
  it.each([
    ['busy', BUSY],
    ['quiet', QUIET],
  ])('none of a healthy path is taken back: %s', (_, commits) => {
    const slices = (HEALTHY_WINDOWS + 1) * SLICES_PER_WINDOW;
    expect(seedsThat((seed) => takenBackAfter(new SimulatedRun(seed, commits), HEALTHY, slices) !== null)).toEqual([]);
  });

  it('each of a path that breaks is taken back within one window', () => {
    const missed = seedsThat((seed) => {
      const run = new SimulatedRun(seed, BUSY);
      const healthyFor = SLICES_PER_WINDOW + run.below(2 * SLICES_PER_WINDOW);
      if (takenBackAfter(run, HEALTHY, healthyFor) !== null) return true;
      return takenBackAfter(run, faultOf(seed), SLICES_PER_WINDOW) === null;
    });
    expect(missed).toEqual([]);
  });

  it('a path that breaks with few samples is held, and taken back when there are enough', () => {
    const missed = seedsThat((seed) => {
      const run = new SimulatedRun(seed, QUIET);
      return takenBackAfter(run, { ...HEALTHY, errorShare: 0.5 }, 5 * SLICES_PER_WINDOW) === null;
    });
    expect(missed).toEqual([]);
  });
});
