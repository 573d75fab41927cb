import type { MatchState } from '../domain/match-state.js';
import type { Incident } from '../domain/match-update.js';
import { SUPERSEDED } from '../domain/outcomes.js';
import { awaitsCommit, type Waiting } from './waiting.js';

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
  readonly incidents: readonly Incident[] | null;
}

const NOBODY: readonly Waiting[] = [];

/** It is no literal: see "What is taken for old" in docs/performance.md. */
class First implements Accepted {
  readonly joined = NOBODY;
  readonly receivedAtMs: number;
  readonly incidents = null;

  constructor(
    readonly newest: Waiting,
    readonly next: MatchState,
  ) {
    this.receivedAtMs = newest.sinceMs;
  }
}

/** One accepted change, of the update that brought it. */
export function acceptedOf(newest: Waiting, next: MatchState): Accepted {
  return new First(newest, next);
}

/**
 * Puts `later` on top of what is not written yet; what the update below it knew is in the state.
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
export function waitingIn(accepted: Accepted | null | undefined): readonly Waiting[] {
  return accepted ? [...accepted.joined, accepted.newest] : [];
}
