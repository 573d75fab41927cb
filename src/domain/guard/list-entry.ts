import { type Case, fedAtMs } from '../guard-case.js';
import { isLive, isOver } from '../match-status.js';
import type { Outcome } from '../outcome.js';
import { LIST_BEHIND } from '../outcomes.js';

/**
 * Rule 3a for an entry of a list of fixtures, whose page may be minutes old: it never changes a match whose feed is fresh,
 * never puts one that is over back into play (what is live is told by the answer about live matches), and takes back neither
 * status nor count that a younger answer has told.
 */
export function listBehind(c: Case): Outcome | null {
  if (c.update.fromList !== true) return null;
  const { listLagMs } = c.context.limits;
  const reopens = isOver(c.state.status) && isLive(c.status);
  const isBack = c.falls || c.status < c.state.status;
  return reopens || (isBack && isWithin(c, c.state.pulledAtMs, listLagMs)) || isWithin(c, fedAtMs(c.state), listLagMs)
    ? LIST_BEHIND
    : null;
}

function isWithin({ atMs }: Case, sinceMs: number | null, lagMs: number): boolean {
  return sinceMs !== null && atMs < sinceMs + lagMs;
}
