import { type Case, isFeed } from '../guard-case.js';
import { type HeardEnd, sameContent } from '../heard.js';
import { isLive, isOver } from '../match-status.js';
import type { Outcome } from '../outcome.js';
import * as outcomes from '../outcomes.js';

/** R1: an end that the feed has told before and that was left since comes back late. */
export function echo(c: Case): Outcome | null {
  if (c.newer || !isFeed(c.update) || !isKnownEnd(c) || endsItsBurst(c)) return null;
  const comesBack = isOver(c.state.status) ? !c.same : isLive(c.state.status) && c.falls;
  return comesBack ? outcomes.ECHO : null;
}

/** A whole burst that told of the present period and ends with an end: the feed's last word, whatever was told before. */
function endsItsBurst({ state, update }: Case): boolean {
  return update.inBurst === true && isLive(state.status) && (update.carried?.reached ?? 0) >= state.status;
}

/**
 * Does the report say what another push has said out of play? One that is judged again, after a lost write, is no copy of itself, nor
 * of those that told the same right after it.
 */
export function isKnownEnd(c: Case): boolean {
  return isOver(c.status) && c.context.heard.ends.some((end) => sameContent(end, c) && !isOneOf(end, c.update));
}

function isOneOf({ firstReceivedAtMs, receivedAtMs }: HeardEnd, update: Case['update']): boolean {
  return update.receivedAtMs >= firstReceivedAtMs && update.receivedAtMs <= receivedAtMs;
}

/** Rule 7: while live a falling count is a correction (VAR). After the end a push without provider time cannot prove it. */
export function countFallsAfterEnd({ state, update, status, falls, newer }: Case): Outcome | null {
  if (!isOver(state.status) || isLive(status) || !falls) return null;
  return newer || update.delivery === 'pull' || update.source === 'admin' ? null : outcomes.COUNT_FALLS_AFTER_END;
}
