import { type Case, fedAtMs } from '../guard-case.js';
import { isLive, isOver } from '../match-status.js';
import type { Outcome } from '../outcome.js';
import { LIST_BEHIND } from '../outcomes.js';

/**
 * Rule 3a for an entry of a list of fixtures, whose page may be minutes old: it never changes a match that the feed or another
 * answer has spoken of lately, and never puts one that is over back into play: what is live is told by the answer about live
 * matches.
 */
export function listBehind(c: Case): Outcome | null {
  if (c.update.fromList !== true) return null;
  const { state, context } = c;
  const reopens = isOver(state.status) && isLive(c.status);
  const spoken = [state.pulledAtMs, context.heard.listedAtMs, fedAtMs(state)];
  return reopens || spoken.some((sinceMs) => isWithin(c, sinceMs, context.limits.listLagMs)) ? LIST_BEHIND : null;
}

function isWithin({ atMs }: Case, sinceMs: number | null, lagMs: number): boolean {
  return sinceMs !== null && atMs < sinceMs + lagMs;
}
