import type { ScoreUpdate } from '../domain/decide.js';
import type { MatchState } from '../domain/match-state.js';
import type { Incident } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { waitingIn } from './accepted.js';
import { type Arrivals, NO_ARRIVALS } from './arrivals.js';
import { NOTHING_PARKED, type Parking } from './parking.js';
import { NOTHING_UNWRITTEN, stateAfter, type Unwritten } from './unwritten.js';
import type { Waiting } from './waiting.js';

/**
 * Everything a mailbox knows of its match at one moment, and the complete machine.
 *
 * | phase | `submit` | `rowLoaded` | `rowLoaded(null)` |
 * |---|---|---|---|
 * | `new`, `unknown` | arrives; the row is asked for; → `loading` | judges what is parked; → `ready` | → `unknown` |
 * | `loading` | arrives | judges what is parked, then what arrived; → `ready` | parks all of it; → `unknown` |
 * | `ready` | is judged at once | only after a miss, see below | parks all that is unwritten; → `unknown` |
 *
 * | in flight | pending | fact | what follows |
 * |---|---|---|---|
 * | any | any | an update is accepted | it is pending, what was pending folded under it |
 * | none | some | `send` | what is pending is in flight |
 * | some | any | `committed` | what is in flight is the row, nothing is unconfirmed; what is pending goes next |
 * | some | any | `failed` | what is in flight is folded under what is pending |
 * | some | any | `answerLost` | the same, and it is unconfirmed, with at most 15 others |
 * | some | any | `dead` | what is in flight is told so; what is pending is judged again |
 * | some | any | `missed`, the row is as it was | somebody holds its lock: as `failed`, and rests |
 * | some | any | `missed`, the row is as an unconfirmed write left it | that one is committed; the others are judged again |
 * | some or none | any | `missed`, the row is another; `rowDiffers` | adopted, or to be undone: the unwritten is judged again, over what was known; what stands of another process of ours is judged against what the row reflected |
 *
 * `discard`, from anywhere, retires it: what is not under way meets its fate at once, what is under way when the statement
 * comes to nothing. A commit is told all the same. Rows that are loaded later change nothing.
 */
export interface MailboxContents extends Unwritten, Arrivals, Parking {
  readonly phase: 'new' | 'loading' | 'ready' | 'unknown';
  /** as last committed or loaded */
  readonly row: MatchState | null;
  /** What the row is to be again, while it is what somebody else made of it; null when it is as it should be. */
  readonly truth: MatchState | null;
  /** misses in a row because somebody else held the row lock */
  readonly lockedOut: number;
  /** The match is not ours any more: what its unwritten updates are told, and who hears that the statement under way is answered. */
  readonly retired: { readonly fate: Outcome; readonly left: () => void } | null;
  /** newest update that the row reflects: judged again when somebody else changes the row */
  readonly reflected: ScoreUpdate | null;
  /** newest goal incidents: they name the scorer */
  readonly goalIncidents: readonly Incident[];
}

export const NOTHING_KNOWN: MailboxContents = {
  ...NOTHING_UNWRITTEN,
  ...NO_ARRIVALS,
  ...NOTHING_PARKED,
  phase: 'new',
  row: null,
  truth: null,
  lockedOut: 0,
  retired: null,
  reflected: null,
  goalIncidents: [],
};

/** What the next update is judged against. */
export function baseOf(contents: MailboxContents): MatchState | null {
  return stateAfter(contents) ?? contents.row;
}

/** The row of a mailbox that has one. */
export function rowOf({ row }: MailboxContents): MatchState {
  return row as MatchState;
}

/** Whoever is not written, in order of arrival. */
export function waitingOf({ inFlight, pending, overtaken, inbox }: MailboxContents): readonly Waiting[] {
  return [...waitingIn(inFlight?.accepted), ...waitingIn(pending), ...overtaken, ...inbox];
}

/** The match is not ours any more. @returns with `homeless`: whoever is in no statement under way */
export function retire(
  contents: MailboxContents,
  retired: NonNullable<MailboxContents['retired']>,
): { readonly change: Partial<MailboxContents>; readonly homeless: readonly Waiting[] } {
  const underWay = contents.inFlight?.isMissed ? null : contents.inFlight;
  const homeless = waitingOf({ ...contents, inFlight: underWay ? null : contents.inFlight });
  return { change: { retired, pending: null, inFlight: underWay, ...NO_ARRIVALS }, homeless };
}

/** Has it something unwritten? */
export function isBusy({ pending, inFlight, inbox }: MailboxContents): boolean {
  return pending !== null || inFlight !== null || inbox.length > 0;
}

export function isIdle(contents: MailboxContents): boolean {
  return contents.phase !== 'loading' && !isBusy(contents);
}
