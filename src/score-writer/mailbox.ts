import type { Receipt } from '../contracts/update-sink.js';
import type { ScoreUpdate } from '../domain/decide.js';
import type { MatchEvent } from '../domain/match-event.js';
import type { MatchState } from '../domain/match-state.js';
import type { Incident } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { SUPERSEDED } from '../domain/outcomes.js';

/** An update whose fate is not final, with whom to tell. */
export interface Waiting {
  readonly update: ScoreUpdate;
  readonly receipt: Receipt | undefined;
  /** start of the latency measurement, our clock, unix ms: the receipt, or the discovery of a foreign change */
  readonly sinceMs: number;
  /** something newer may have been written meanwhile */
  readonly waited: boolean;
  /** it was told to be parked, and counted: its second fate is told to `replayed` */
  readonly replay: boolean;
  /** what becomes of it when the change that contains its effect is committed */
  fate: Outcome;
  /** Told and counted: happens once. An update judged again by our own wish is final from the start. */
  final: boolean;
}

/** An update that was judged before, to be judged once more for a reason found now. */
export function repeatOf(update: ScoreUpdate, nowMs: number): Waiting {
  return { update, receipt: undefined, sinceMs: nowMs, waited: true, replay: false, fate: SUPERSEDED, final: true };
}

/** A copy of it is kept elsewhere until the effect is in the database. */
export function awaitsCommit({ receipt, replay }: Waiting): boolean {
  return replay || receipt?.awaitsCommit === true;
}

/** Accepted changes of one match, folded: the newest state wins, everybody folded in waits for its commit. */
export interface Accepted {
  readonly next: MatchState;
  /** the newest accepted update: judged again when the row turns out to be another */
  readonly newest: Waiting;
  /** folded under the newest, or its duplicates: those that await the commit */
  readonly joined: readonly Waiting[];
  /** `sinceMs` of the oldest folded update */
  readonly receivedAtMs: number;
  /** goal incidents known when it was first sent: they name the scorer, now and when it is told again; null until then */
  incidents: readonly Incident[] | null;
}

/**
 * Puts `later` on top of what is not written yet.
 * @param forget called with an update that is superseded and that nobody waits for
 */
export function fold(earlier: Accepted | null, later: Accepted, forget: (waiting: Waiting) => void): Accepted {
  if (!earlier) return later;
  const { newest } = earlier;
  if (!awaitsCommit(newest)) forget(newest);
  newest.fate = SUPERSEDED;
  const below = newest.final ? earlier.joined : [...earlier.joined, newest];
  const joined = later.joined.length > 0 ? [...below, ...later.joined] : below;
  return { ...later, joined, receivedAtMs: earlier.receivedAtMs };
}

/** Everybody who hears of the commit. */
export function waitingIn(accepted: Accepted | null): readonly Waiting[] {
  return accepted ? [...accepted.joined, accepted.newest] : [];
}

/**
 * One match on its way to the database.
 *
 * `new` → `loading` (row asked for) → `ready` (updates are judged on arrival) or `unknown` (no row: the newest update is parked
 * until the row appears). At most one change is `inFlight`; what is accepted meanwhile folds into `pending`.
 */
export class Mailbox {
  phase: 'new' | 'loading' | 'ready' | 'unknown' = 'new';
  /** the row as last committed or loaded */
  state: MatchState | null = null;
  pending: Accepted | null = null;
  inFlight: Accepted | null = null;
  /** the compare-and-set of `inFlight` failed: the row was asked for to find out why */
  missed = false;
  /** what the commit of `inFlight` will tell: worked out while the statement runs */
  foreseen: readonly MatchEvent[] | null = null;
  /** `inFlight.next` as freshened by duplicates since it was sent */
  freshened: MatchState | null = null;
  /** writes whose answer was lost, newest last: the row tells whether one took effect */
  unconfirmed: readonly Accepted[] = [];
  /** misses in a row because somebody else held the row lock */
  lockedOut = 0;
  /** updates that arrived while loading, oldest first */
  inbox: Waiting[] = [];
  /** fell out of the full inbox, and await the commit of what came after them */
  overtaken: Waiting[] = [];
  /** newest update of a match without a row */
  parked: Waiting | null = null;
  /** what a new row would be after everything that was parked */
  imagined: MatchState | null = null;
  /**
   * What is told to those left unwritten, once the match is not ours any more: forgotten as soon as the statement under
   * way is answered.
   */
  retired: Outcome | null = null;
  /** newest update that the row reflects: judged again when somebody else changes the row */
  reflected: ScoreUpdate | null = null;
  /** newest goal incidents: they name the scorer */
  goalIncidents: readonly Incident[] = [];
  touchedAtMs = 0;

  constructor(readonly matchId: string) {}

  /** What the next update is judged against. */
  get base(): MatchState | null {
    return this.pending?.next ?? this.freshened ?? this.inFlight?.next ?? this.state;
  }

  clearUnwritten(): void {
    this.pending = null;
    this.forgetAnswer();
  }

  /** What belonged to the statement that is over. */
  forgetAnswer(): void {
    this.inFlight = null;
    this.foreseen = null;
    this.freshened = null;
    this.missed = false;
  }

  /** Whoever is not written, in order of arrival. */
  waiting(): readonly Waiting[] {
    return [...waitingIn(this.inFlight), ...waitingIn(this.pending), ...this.overtaken, ...this.inbox];
  }

  get idle(): boolean {
    return !this.pending && !this.inFlight && this.inbox.length === 0 && this.phase !== 'loading';
  }
}
