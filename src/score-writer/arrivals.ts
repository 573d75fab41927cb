import { withFacts } from '../domain/supersede.js';
import { awaitsCommit, takePlace, type Waiting } from './waiting.js';

const MAX_INBOX = 16;

/** Updates of a match whose row is not there yet. */
export interface Arrivals {
  /** oldest first, at most 16 */
  readonly inbox: readonly Waiting[];
  /** fell out of the full inbox, and await the commit of what came after them */
  readonly overtaken: readonly Waiting[];
}

export const NO_ARRIVALS: Arrivals = { inbox: [], overtaken: [] };

/**
 * All of them are judged, oldest first. What one carried that is not applied is in no state: it belongs to whoever comes after.
 * @param isApplied judges one
 */
export function inTurn(inbox: readonly Waiting[], isApplied: (waiting: Waiting) => boolean): void {
  for (const [n, waiting] of inbox.entries()) {
    const next = inbox[n + 1];
    if (isApplied(waiting) || !next) continue;
    const { carried } = waiting.update;
    if (carried) next.update = withFacts(next.update, carried);
  }
}

/**
 * One more. Where the inbox is full the oldest gives its place, and what only it knew, to the next one.
 * @param forget called with an update that is superseded and that nobody waits for
 */
export function arrive({ inbox, overtaken }: Arrivals, waiting: Waiting, forget: (waiting: Waiting) => void): Arrivals {
  const [oldest, next] = inbox;
  if (!oldest || !next || inbox.length < MAX_INBOX) return { inbox: [...inbox, waiting], overtaken };
  takePlace(next, oldest);
  const isAwaited = awaitsCommit(oldest);
  if (!isAwaited) forget(oldest);
  return { inbox: [...inbox.slice(1), waiting], overtaken: isAwaited ? [...overtaken, oldest] : overtaken };
}
