import type { Receipt } from '../contracts/update-sink.js';
import { decide, hasScore, NO_CIRCUMSTANCES, type ScoreUpdate } from '../domain/decide.js';
import { emptyMatch } from '../domain/empty-match.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { isAccepted } from '../domain/outcomes.js';
import { supersede } from '../domain/supersede.js';

/** An update that was held back, with whoever is to be told its fate. */
export interface Held {
  readonly update: MatchUpdate;
  readonly receipt: Receipt | undefined;
}

/** What was held back of one match, in the order of arrival. */
export interface HeldMatch {
  readonly held: readonly Held[];
  /** the only one whose score is to be judged; null when none has one */
  readonly newest: Held | null;
  /** that one with what only the others knew: kick-offs, counts, provider time; null when none has a score */
  readonly folded: MatchUpdate | null;
}

/**
 * The held updates of one match. Later by arrival is newer, but frames come late in a burst as they do elsewhere: the
 * newest is the last one that the guard does not refuse after those before it. It carries on what the others knew.
 */
class MatchInBurst implements HeldMatch {
  readonly held: Held[] = [];
  newest: Held | null = null;
  folded: ScoreUpdate | null = null;
  private state: MatchState;

  constructor(matchId: string) {
    this.state = emptyMatch(matchId);
  }

  add(held: Held): void {
    this.held.push(held);
    const { update } = held;
    if (!hasScore(update)) return;
    const context = { ...NO_CIRCUMSTANCES, restLagMs: 0, nowMs: update.receivedAtMs };
    const { outcome, next } = decide(this.state, update, context);
    if (this.folded && !isAccepted(outcome)) {
      this.folded = supersede(update, this.folded);
      return;
    }
    this.folded = this.folded ? supersede(this.folded, update) : update;
    this.newest = held;
    this.state = next;
  }
}

/** Messages that came in one burst after a session was resumed. */
export class Burst {
  private readonly byMatch = new Map<string, MatchInBurst>();
  private updates = 0;

  /** updates in it */
  get size(): number {
    return this.updates;
  }

  /** in the order of first appearance */
  get matches(): Iterable<HeldMatch> {
    return this.byMatch.values();
  }

  /** our clock, unix ms; null when the burst is empty */
  get oldestAtMs(): number | null {
    // The first match appeared with the first update.
    for (const { held } of this.byMatch.values()) return held[0]?.update.receivedAtMs ?? null;
    return null;
  }

  add(update: MatchUpdate, receipt: Receipt | undefined): void {
    this.updates += 1;
    let match = this.byMatch.get(update.matchId);
    if (!match) {
      match = new MatchInBurst(update.matchId);
      this.byMatch.set(update.matchId, match);
    }
    match.add({ update, receipt });
  }
}
