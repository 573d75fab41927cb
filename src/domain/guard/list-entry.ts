import { type Case, fedAtMs } from '../guard-case.js';
import { isLive, isOver } from '../match-status.js';
import type { Outcome } from '../outcome.js';
import { LIST_BEHIND } from '../outcomes.js';
import { onOurClockMs } from './provider-time.js';

/**
 * Rule 3a for an entry of a list of fixtures, whose page may be minutes old: it never changes a match that the feed or another
 * answer has spoken of lately, or that the feed has spoken of since the entry last changed, and never puts one that is over back into play: what is live is told by the answer about live
 * matches.
 */
export function listBehind(c: Case): Outcome | null {
  if (c.update.fromList !== true) return null;
  const { state, context } = c;
  const reopens = isOver(state.status) && isLive(c.status);
  if (isOlderThanFeed(c)) return LIST_BEHIND;
  const spoken = [state.pulledAtMs, context.heard.listedAtMs, fedAtMs(state)];
  return reopens || spoken.some((sinceMs) => isWithin(c, sinceMs, context.limits.listLagMs)) ? LIST_BEHIND : null;
}

/** An entry that did not change since the feed last spoke of the match does not know what the feed said, however late it is read. */
function isOlderThanFeed({ state, update: { listedAsOfS = null }, context }: Case): boolean {
  return listedAsOfS !== null && state.seenAtMs !== null && onOurClockMs(listedAsOfS + 1, context) <= state.seenAtMs;
}

function isWithin({ atMs }: Case, sinceMs: number | null, lagMs: number): boolean {
  return sinceMs !== null && atMs < sinceMs + lagMs;
}
