import { matchIdOf } from './workload.js';

/** A match with 10,000 open predictions, and the change that decides some or all of them. */
export interface SettledMatch {
  readonly matchId: string;
  readonly texts: readonly string[];
  /** how many of the texts, from the first one, the change decides */
  readonly decidedTexts: number;
  readonly before: Standing;
  readonly after: Standing;
}

export interface Standing {
  readonly status: number;
  readonly home: number;
}

export const PREDICTIONS = 10_000;
const TEXTS = 40;

const FIRST_HALF = { status: 2, home: 0 };
const FIRST_GOAL = { status: 2, home: 1 };
const SECOND_HALF = { status: 4, home: 0 };
const FULL_TIME = { status: 8, home: 0 };

/** Both sides of a line, in the given words. */
function line(periods: readonly string[], goals: string, ...sides: readonly string[]): string[] {
  return periods.flatMap((period) => sides.map((side) => `${period} ${goals} ${side}`));
}

const SIDES = ['ÜST', 'OVER', 'ALT', 'UNDER'];
const HIGHER = ['1.5', '2.5', '3.5', '4.5'];
const DECIDED_BY_A_GOAL = line(['MS', 'IY'], '0.5', ...SIDES);
/** Eight of them are decided by the first goal. */
export const MIXED_TEXTS = [...DECIDED_BY_A_GOAL, ...HIGHER.flatMap((goals) => line(['MS', 'IY'], goals, ...SIDES))];
const DECIDED_AT_THE_END = [
  ...['0.5', ...HIGHER].flatMap((goals) => line(['MS'], goals, ...SIDES)),
  ...['0.5', '1.5', '2.5'].flatMap((goals) => line(['FT'], goals, ...SIDES)),
  ...['KG VAR', 'KG YOK', 'MS 1', 'MS X', 'MS 2', 'FT HOME', 'FT DRAW', 'FT AWAY'],
];
const ALL_DECIDED_BY_A_GOAL = [
  ...line(['MS', 'FT', 'ms', 'ft', 'IY', 'HT', 'iy', 'ht'], '0.5', ...SIDES),
  ...line(['MS', 'IY'], '0,5', ...SIDES),
];

/** A goal that decides 2,000 of 10,000, the full time of a match of which nothing was decided, a goal that decides all. */
export const SETTLED_MATCHES = {
  goal: settled(0, MIXED_TEXTS, DECIDED_BY_A_GOAL.length, FIRST_HALF, FIRST_GOAL),
  fullTime: settled(1, DECIDED_AT_THE_END, TEXTS, SECOND_HALF, FULL_TIME),
  goalForAll: settled(2, ALL_DECIDED_BY_A_GOAL, TEXTS, FIRST_HALF, FIRST_GOAL),
} as const satisfies Record<string, SettledMatch>;

export function decidedBy({ texts, decidedTexts }: SettledMatch): number {
  return (PREDICTIONS * decidedTexts) / texts.length;
}

function settled(
  index: number,
  texts: readonly string[],
  decidedTexts: number,
  before: Standing,
  after: Standing,
): SettledMatch {
  if (new Set(texts).size !== TEXTS) throw new Error(`${texts.length} texts, not ${TEXTS} different ones`);
  return { matchId: matchIdOf(index), texts, decidedTexts, before, after };
}
