import { type Case, isFeed } from '../guard-case.js';
import { follows } from '../heard.js';
import type { Outcome } from '../outcome.js';
import * as outcomes from '../outcomes.js';
import { goals, goalsAbove, higherOf, type Sides } from '../score.js';

/** more at once may be corrupt */
export const MAX_GOALS = 3;
const WITHIN_MS = 60_000;

/** R10: one frame with many goals at once may be corrupt. It waits for a second frame, or the provider. What waited stands for all that came before it. */
export function jump(c: Case): Outcome | null {
  const { accepted, newest } = c.context.heard;
  if (c.newer || !isFeed(c.update) || c.context.waited || !accepted || c.atMs - accepted.receivedAtMs >= WITHIN_MS)
    return null;
  if (goalsAbove(c, accepted) <= MAX_GOALS || isSwapped(c, accepted)) return null;
  if (goalsAbove(c, highestKnown(c, accepted)) <= MAX_GOALS) return null;
  // what the broker sends again is the same frame, not a second one
  const isCopy = c.update.redelivered && !c.update.inBurst;
  const saidTwice = !isCopy && newest?.refused === true && follows(c, newest) && goalsAbove(c, newest) <= MAX_GOALS;
  return saidTwice ? null : outcomes.JUMP;
}

/** What the provider has told meanwhile, or superseded frames on the way here, is no part of the jump. */
function highestKnown({ state, update: { carried } }: Case, accepted: Sides): Sides {
  const known = { home: higherOf(state.home, accepted.home), away: higherOf(state.away, accepted.away) };
  if (!carried) return known;
  return { home: higherOf(known.home, carried.peak.home), away: higherOf(known.away, carried.peak.away) };
}

/** Home and away had been taken for each other. */
function isSwapped(now: Sides, before: Sides): boolean {
  return goals(now.home) === goals(before.away) && goals(now.away) === goals(before.home);
}
