import { Random } from '../../kernel/seeded-random.js';
import type { Pair, PlayedMatch } from '../tournament/tournament.js';

/** A match of the tournament with the counts no tournament file holds: whole-match totals per team. */
export interface MatchPlan {
  readonly match: PlayedMatch;
  readonly seed: number;
  readonly corners: Pair;
  readonly yellowCards: Pair;
  readonly redCards: Pair;
  readonly substitutions: Pair;
}

export function planMatch(match: PlayedMatch, seed: number): MatchPlan {
  const random = Random.of(seed, 'plan', match.index);
  const pair = (first: number, last: number): Pair => [random.integer(first, last), random.integer(first, last)];
  return {
    match,
    seed,
    corners: pair(1, 9),
    yellowCards: pair(0, 4),
    redCards: [random.chance(0.06) ? 1 : 0, random.chance(0.06) ? 1 : 0],
    substitutions: pair(1, 4),
  };
}
