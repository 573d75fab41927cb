import { Random } from '../../src/kernel/seeded-random.js';
import { interleave } from '../../src/replay/feed/interleave.js';
import { kickoffTimes } from '../../src/replay/feed/kickoff-times.js';
import type { MatchFrame } from '../../src/replay/feed/match-frame.js';
import { matchFrames } from '../../src/replay/feed/match-frames.js';
import { type MatchPlan, planMatch } from '../../src/replay/feed/match-plan.js';
import { parseTournament } from '../../src/replay/tournament/read-tournament.js';

/** A fixed "now" for frames that are made, not sent: unix ms. */
export const NOW_MS = 1_800_000_000_000;
export const KICKOFFS = kickoffTimes(NOW_MS, Number.POSITIVE_INFINITY);

export function plansOf(file: unknown, seed: number): MatchPlan[] {
  return parseTournament(file).matches.map((match) => planMatch(match, seed));
}

export function idOf(plan: MatchPlan): string {
  return `match${plan.match.index}`;
}

export function framesOf(plan: MatchPlan): readonly MatchFrame[] {
  return matchFrames(plan, idOf(plan), KICKOFFS);
}

/** The messages of a whole tournament in the order of publishing. */
export function batchesOf(plans: readonly MatchPlan[], seed: number) {
  return interleave(plans, 3, framesOf, Random.of(seed, 'interleave'));
}
