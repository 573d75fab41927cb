import { deriveEvents } from '../domain/derive-events.js';
import type { MatchEvent } from '../domain/match-event.js';
import type { MatchState } from '../domain/match-state.js';
import type { Accepted, Mailbox } from './mailbox.js';

/** A change that is in the database. */
export interface Commit {
  readonly before: MatchState;
  readonly after: MatchState;
  readonly accepted: Accepted;
  readonly events: readonly MatchEvent[];
}

/** While the statement runs: the events depend on nothing the answer could tell. */
export function foresee({ state, inFlight }: Mailbox): readonly MatchEvent[] | null {
  return state && inFlight ? deriveEvents(state, inFlight.next, inFlight.incidents ?? []) : null;
}

/** `accepted` was written over the mailbox's state, and is the state from now on. */
export function commit(mailbox: Mailbox, accepted: Accepted): Commit {
  const before = mailbox.state as MatchState;
  const after = { ...(mailbox.freshened ?? accepted.next), version: before.version + 1 };
  const events = mailbox.foreseen ?? deriveEvents(before, after, accepted.incidents ?? []);
  mailbox.state = after;
  mailbox.forgetAnswer();
  mailbox.unconfirmed = [];
  mailbox.lockedOut = 0;
  return { before, after, accepted, events };
}
