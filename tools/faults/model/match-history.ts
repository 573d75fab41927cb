import { MatchStatus } from '../../../src/domain/match-status.js';
import type { Slots } from '../../../src/domain/score.js';
import type { SeededRandom } from '../../../test/support/seeded-random.js';

/**
 * What the provider says about a match at one moment. The home team's corners count the frames, so that every row,
 * journal entry and answer tells by itself which frame it comes from.
 */
export interface Frame {
  readonly matchId: string;
  /** 1 for the first; the home team's corners */
  readonly nth: number;
  readonly status: MatchStatus;
  readonly home: Slots;
  readonly away: Slots;
  readonly kickoffS: number;
}

/** One match from kick-off on, in the order of truth. */
export interface MatchHistory {
  readonly matchId: string;
  readonly frames: readonly Frame[];
  readonly kickoffs: { readonly firstHalfS: number; readonly secondHalfS: number };
}

interface Counts {
  goals: number;
  halfTime: number;
  yellow: number;
}

const GOAL = 0.14;
const CANCELLED = 0.25;
const YELLOW = 0.06;
/** a goal is taken back within so many frames, or never */
const VAR_FRAMES = 4;

/** Goals, goals that the referee takes back, cards and periods; ends, or is in its second half when the load is over. */
export function makeHistory(matchId: string, frames: number, nowS: number, random: SeededRandom): MatchHistory {
  const kickoffs = { firstHalfS: nowS - 100 * 60, secondHalfS: nowS - 40 * 60 };
  const plan = {
    halfTimeAt: 3 + Math.floor(frames * (0.25 + random.next() * 0.2)),
    secondHalfAt: 6 + Math.floor(frames * (0.5 + random.next() * 0.2)),
    endAt: random.next() < 0.6 ? frames - 2 : Number.POSITIVE_INFINITY,
  };
  const sides = { home: noCounts(), away: noCounts() };
  let lastGoal: { readonly side: 'home' | 'away'; readonly nth: number } | null = null;
  const list: Frame[] = [];
  for (let nth = 1; nth <= frames; nth++) {
    const status = statusAt(nth, plan);
    if (status === MatchStatus.HalfTime) for (const side of Object.values(sides)) side.halfTime = side.goals;
    if (status === MatchStatus.FirstHalf || status === MatchStatus.SecondHalf)
      lastGoal = play(sides, lastGoal, nth, random);
    else lastGoal = null;
    list.push({
      matchId,
      nth,
      status,
      home: slotsOf(sides.home, nth),
      away: slotsOf(sides.away, 0),
      kickoffS: status >= MatchStatus.SecondHalf ? kickoffs.secondHalfS : kickoffs.firstHalfS,
    });
  }
  return { matchId, frames: list, kickoffs };
}

function statusAt(nth: number, plan: { halfTimeAt: number; secondHalfAt: number; endAt: number }): MatchStatus {
  if (nth >= plan.endAt) return MatchStatus.Ended;
  if (nth >= plan.secondHalfAt) return MatchStatus.SecondHalf;
  return nth >= plan.halfTimeAt ? MatchStatus.HalfTime : MatchStatus.FirstHalf;
}

type LastGoal = { readonly side: 'home' | 'away'; readonly nth: number } | null;

function play(sides: Record<'home' | 'away', Counts>, lastGoal: LastGoal, nth: number, random: SeededRandom): LastGoal {
  const side = random.pick(['home', 'away'] as const);
  const chance = random.next();
  if (lastGoal && nth - lastGoal.nth <= VAR_FRAMES && chance < CANCELLED) {
    sides[lastGoal.side].goals -= 1;
    return null;
  }
  if (chance > 1 - GOAL) {
    sides[side].goals += 1;
    return { side, nth };
  }
  if (chance > 1 - GOAL - YELLOW) sides[side].yellow += 1;
  return lastGoal;
}

function noCounts(): Counts {
  return { goals: 0, halfTime: 0, yellow: 0 };
}

function slotsOf({ goals, halfTime, yellow }: Counts, corners: number): Slots {
  return [goals, halfTime, 0, yellow, corners, 0, 0];
}
