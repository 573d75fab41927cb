import type { BenchOptions } from './options.js';
import type { SubjectName } from './subject-process.js';

/** How much every phase sends. */
export interface Plan {
  /** long enough for the JIT compiler to be done with the path of a single message */
  readonly warmUpS: number;
  /** messages of the flood before: the same for every subject, so that all leave the database in the same state */
  readonly warmUpFlood: number;
  readonly lowLoadS: Readonly<Record<LowLoadRate, number>>;
  readonly burstPayloads: number;
  /** of the generator's flood before, for the JIT compiler */
  readonly generatorWarmUp: number;
  readonly generatorMessages: number;
  /** one-by-one designs get a prefix of the same stream: their rate does not depend on its length, only the time does */
  readonly floodMessages: Readonly<Partial<Record<SubjectName, number>>>;
}

export const LOW_LOAD_RATES = [50, 500] as const;
export type LowLoadRate = (typeof LOW_LOAD_RATES)[number];
export const HOT_SETS = [5_000, 40] as const;
export type HotSet = (typeof HOT_SETS)[number];

const FULL: Plan = {
  warmUpS: 6,
  warmUpFlood: 5_000,
  lowLoadS: { 50: 5, 500: 4 },
  burstPayloads: 40,
  generatorWarmUp: 60_000,
  generatorMessages: 150_000,
  floodMessages: {
    raw: 12_000,
    rawBatched: 75_000,
    stockNest: 6_000,
    ours: 75_000,
    oursAtOnce: 75_000,
  },
};

const QUICK: Plan = {
  warmUpS: 4,
  warmUpFlood: 5_000,
  lowLoadS: { 50: 2, 500: 2 },
  burstPayloads: 20,
  generatorWarmUp: 30_000,
  generatorMessages: 60_000,
  floodMessages: {
    raw: 6_000,
    rawBatched: 30_000,
    stockNest: 3_000,
    ours: 30_000,
    oursAtOnce: 30_000,
  },
};

export function planOf({ quick }: BenchOptions): Plan {
  return quick ? QUICK : FULL;
}
