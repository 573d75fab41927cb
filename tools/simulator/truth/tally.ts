import type { Verdict } from './judge.js';

/** Sums over matches. */
export interface Tally {
  readonly matches: number;
  readonly goalsWrong: number;
  readonly statusWrong: number;
  readonly scoreWrongS: number;
  readonly statusWrongS: number;
  readonly falseGoals: number;
  readonly falseCancellations: number;
}

export const NO_MATCHES: Tally = {
  matches: 0,
  goalsWrong: 0,
  statusWrong: 0,
  scoreWrongS: 0,
  statusWrongS: 0,
  falseGoals: 0,
  falseCancellations: 0,
};

export function withVerdict(tally: Tally, verdict: Verdict): Tally {
  return {
    matches: tally.matches + 1,
    goalsWrong: tally.goalsWrong + Number(verdict.goalsWrong),
    statusWrong: tally.statusWrong + Number(verdict.statusWrong),
    scoreWrongS: tally.scoreWrongS + verdict.scoreWrongS,
    statusWrongS: tally.statusWrongS + verdict.statusWrongS,
    falseGoals: tally.falseGoals + verdict.falseGoals,
    falseCancellations: tally.falseCancellations + verdict.falseCancellations,
  };
}

/** Sums by whatever `keyOf` says, in order of first appearance. */
export function tallyBy<T extends { readonly verdict: Verdict }>(
  results: readonly T[],
  keyOf: (result: T) => string,
): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const result of results) {
    const key = keyOf(result);
    tallies.set(key, withVerdict(tallies.get(key) ?? NO_MATCHES, result.verdict));
  }
  return tallies;
}
