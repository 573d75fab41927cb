import { announcesGoals, deriveEvents } from '../domain/derive-events.js';
import type { MatchEvent } from '../domain/match-event.js';
import type { MatchState } from '../domain/match-state.js';
import type { Incident } from '../domain/match-update.js';
import { type Accepted, fold } from './accepted.js';
import type { Commit } from './commit.js';
import type { ScoreWrite } from './ports/score-store.js';
import { awaitsCommit, type Waiting } from './waiting.js';

const MAX_UNCONFIRMED = 16;

/** A change in a statement that is not answered, or was missed. */
export interface Sent {
  readonly accepted: Accepted;
  /** the compare-and-set failed: the row was asked for to find out why */
  readonly isMissed: boolean;
  /** what its commit will tell: worked out while the statement runs */
  readonly foreseen: readonly MatchEvent[] | null;
  /** `accepted.next` as freshened by duplicates since it was sent */
  readonly freshened: MatchState | null;
}

/** What is accepted of one match and not known to be written. */
export interface Unwritten {
  readonly pending: Accepted | null;
  readonly inFlight: Sent | null;
  /** writes whose answer was lost, newest last, at most 16: the row tells whether one took effect */
  readonly unconfirmed: readonly Accepted[];
}

export const NOTHING_UNWRITTEN: Unwritten = { pending: null, inFlight: null, unconfirmed: [] };

/** The state after everything unwritten; null when nothing is. */
export function stateAfter({ pending, inFlight }: Unwritten): MatchState | null {
  return pending?.next ?? inFlight?.freshened ?? inFlight?.accepted.next ?? null;
}

/** A duplicate proves what is unwritten fresh: noted in memory, written with the next change. */
export function freshen({ pending, inFlight }: Unwritten, next: MatchState): Partial<Unwritten> {
  if (pending) return { pending: { ...pending, next } };
  return inFlight ? { inFlight: { ...inFlight, freshened: next } } : {};
}

/**
 * What these say is contained in what is known: who awaits the commit hears of that of the newest change, the others at once.
 * @param tell called with those
 */
export function join(
  { pending, inFlight }: Unwritten,
  contained: readonly Waiting[],
  tell: (waiting: Waiting) => void,
): Partial<Unwritten> {
  const newest = pending ?? inFlight?.accepted;
  const held: Waiting[] = [];
  for (const waiting of contained) {
    if (newest && awaitsCommit(waiting) && !waiting.final) held.push(waiting);
    else tell(waiting);
  }
  if (!newest || held.length === 0) return {};
  const accepted = { ...newest, joined: [...newest.joined, ...held] };
  return pending || !inFlight ? { pending: accepted } : { inFlight: { ...inFlight, accepted } };
}

/** What is pending goes into a statement. @param incidents known now */
export function send({ pending }: Unwritten, incidents: readonly Incident[]): Partial<Unwritten> {
  if (!pending) throw new Error('Nothing is pending');
  const accepted = pending.incidents ? pending : { ...pending, incidents };
  return { pending: null, inFlight: { accepted, isMissed: false, foreseen: null, freshened: null } };
}

/** Works out what the commit will tell: it depends on nothing the answer could say. */
export function foresee({ inFlight }: Unwritten, row: MatchState): Partial<Unwritten> {
  if (!inFlight) return {};
  const { accepted, isMissed, freshened } = inFlight;
  return {
    inFlight: { accepted, isMissed, freshened, foreseen: deriveEvents(row, accepted.next, accepted.incidents ?? []) },
  };
}

/** The compare-and-set failed. */
export function miss({ inFlight }: Unwritten): Partial<Unwritten> {
  return inFlight ? { inFlight: { ...inFlight, isMissed: true } } : {};
}

/** The statement changed nothing: what was accepted meanwhile stays on top. @param forget see `fold` */
export function putBack({ pending, inFlight }: Unwritten, forget: (waiting: Waiting) => void): Partial<Unwritten> {
  if (!inFlight) throw new Error('Nothing is in flight');
  const { accepted, freshened } = inFlight;
  const kept = freshened ? { ...accepted, next: freshened } : accepted;
  return { pending: pending ? fold(kept, pending, forget) : kept, inFlight: null };
}

/** What is in flight may be written. The oldest of several is the likeliest to be: it stays. */
export function withDoubt({ inFlight, unconfirmed }: Unwritten): Partial<Unwritten> {
  if (!inFlight || unconfirmed.at(-1)?.next === inFlight.accepted.next) return {};
  const room = unconfirmed.length < MAX_UNCONFIRMED ? unconfirmed : unconfirmed.toSpliced(1, 1);
  return { unconfirmed: [...room, inFlight.accepted] };
}

/** The change is in the database, over the row as it was before. @param sent what is known of its statement */
export function commitOf(accepted: Accepted | undefined, before: MatchState, sent: Sent | null): Commit {
  if (!accepted) throw new Error('Nothing is in flight');
  const after = { ...(sent?.freshened ?? accepted.next), version: before.version + 1 };
  const events = sent?.foreseen ?? deriveEvents(before, after, accepted.incidents ?? []);
  return { before, after, accepted, events };
}

/** What is in flight, as the store is told. @param atS our clock, unix seconds */
export function toWrite({ inFlight }: Unwritten, row: MatchState, atS: number): ScoreWrite {
  if (!inFlight) throw new Error('Nothing is in flight');
  const { next, newest, receivedAtMs, incidents } = inFlight.accepted;
  const { source, delivery } = newest.update;
  const goalIncidents = announcesGoals(row, next) ? incidents : null;
  const catchUp = delivery === 'pull';
  return { expectedVersion: row.version, next, source, catchUp, goalIncidents, receivedAtMs, atS };
}
