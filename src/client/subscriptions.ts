import type { ClientMessage, ErrorFrame, Selection, SnapshotFrame } from '../broadcast/ports/match-frames.js';
import type { Timers } from './live-client.options.js';
import type { MatchStore } from './match-store.js';
import { type Part, type Subscribe, subscribeMessages } from './subscribe-messages.js';

/** Time between two questions of one connection: servers cut off who asks for more. */
const BETWEEN_MS = 1_000;
const ANSWER_MS = 20_000;
/** until a question is asked again that the server could not answer */
const LATER_MS = 5_000;
const NOT_NOW = ['REFUSED', 'UNAVAILABLE', 'INTERNAL'];
const MOST_REFUSALS = 3;

type Since = Subscribe['since'];

/** What subscriptions need of the connection. */
export interface Line {
  send(message: ClientMessage): void;
  /** Connects anew, not before the next wait is over. */
  backOff(): void;
}

/**
 * Subscriptions know what is wanted and ask for it: everything on each new connection, and what was missed meanwhile. The
 * same positions that are refused three times, or lead to a closed connection, are not asked with again.
 */
export class Subscriptions {
  /** how often each is wanted */
  readonly #matches = new Map<string, number>();
  readonly #competitions = new Map<string, number>();
  #all = 0;
  /** asked and not answered, by id of the message */
  readonly #pending = new Map<string | undefined, Since>();
  /** matches to be asked for */
  readonly #missing = new Set<string>();
  #isAllMissing = false;
  #isTooMuchTold = false;
  #isOpen = false;
  #isResumed = false;
  #lastId = 0;
  #refused = '';
  #refusals = 0;
  /** null: nothing was asked lately */
  #askTimer: unknown = null;
  #answerTimer: unknown;
  readonly #store: MatchStore;
  readonly #line: Line;
  readonly #timers: Timers;
  readonly #replay: true | undefined;

  constructor(store: MatchStore, line: Line, timers: Timers, replay: boolean | undefined) {
    this.#store = store;
    this.#line = line;
    this.#timers = timers;
    this.#replay = replay || undefined;
  }

  /** Everything that was asked when the connection was made is answered. */
  get isResumed(): boolean {
    return this.#isResumed;
  }

  add({ matches = [], competitions = [], all }: Selection): void {
    for (const id of matches) if (count(this.#matches, id, 1) === 1) this.#missing.add(id);
    for (const id of competitions) count(this.#competitions, id, 1);
    if (all) this.#all += 1;
    this.#isAllMissing ||= Boolean(all ?? competitions.length);
    this.#askSoon();
  }

  remove({ matches = [], competitions = [], all }: Selection): void {
    for (const id of matches) count(this.#matches, id, -1);
    for (const id of competitions) count(this.#competitions, id, -1);
    if (all) this.#all = Math.max(this.#all - 1, 0);
    this.#store.keepOnly((match) => this.isWanted(match.matchId, match.competitionId));
    this.#isTooMuchTold = this.#isAllMissing = true;
    this.#askSoon();
  }

  /** @param competitionId undefined: not known yet, it may be any */
  isWanted(matchId: string, competitionId?: string | null): boolean {
    const ofCompetition =
      competitionId === undefined ? this.#competitions.size : this.#competitions.has(competitionId!);
    return Boolean(this.#all || ofCompetition || this.#matches.has(matchId));
  }

  askAgain(matchId: string): void {
    this.#missing.add(matchId);
    this.#askSoon();
  }

  /** A connection was made. */
  opened(): void {
    this.#isOpen = this.#isAllMissing = true;
    this.#isTooMuchTold = false;
    this.#ask();
  }

  /** @param isUnexpected nobody said goodbye */
  closed(isUnexpected: boolean): void {
    const [since] = this.#pending.values();
    this.#timers.clearTimeout(this.#askTimer as never);
    this.#timers.clearTimeout(this.#answerTimer as never);
    this.#askTimer = null;
    this.#pending.clear();
    this.#isOpen = this.#isResumed = false;
    if (since && isUnexpected) this.#countRefusal(since);
  }

  /** @returns the positions that were asked from; null: this answer is not to be used */
  answered({ id, recovered }: SnapshotFrame): Since | null {
    const since = this.#end(id) ?? {};
    if (recovered) {
      this.#refusals = 0;
      this.#store.settle(since);
    } else if (this.#countRefusal(since)) {
      this.#line.backOff();
      return null;
    }
    return since;
  }

  failed({ id, code }: ErrorFrame): void {
    if (!this.#end(id) || !NOT_NOW.includes(code)) return;
    this.#isAllMissing = true;
    this.#isResumed = false;
    this.#timers.clearTimeout(this.#askTimer as never);
    this.#askIn(LATER_MS);
  }

  /** @returns the positions of the message with this id */
  #end(id: string | undefined): Since | undefined {
    const since = this.#pending.get(id);
    this.#pending.delete(id);
    this.#checkResumed();
    return since;
  }

  #checkResumed(): void {
    if (this.#pending.size > 0) return;
    this.#isResumed ||= !this.#isAllMissing;
    this.#timers.clearTimeout(this.#answerTimer as never);
  }

  /** @returns true when these positions are given up */
  #countRefusal(since: Since): boolean {
    const text = JSON.stringify(since);
    if (text !== this.#refused) this.#refusals = 0;
    this.#refused = text;
    this.#refusals += 1;
    if (this.#refusals < MOST_REFUSALS || text === '{}') return false;
    this.#refusals = 0;
    this.#store.losePositions();
    return true;
  }

  #askSoon(): void {
    if (this.#isOpen && this.#askTimer === null) this.#askIn(0);
  }

  #askIn(delayMs: number): void {
    this.#askTimer = this.#timers.setTimeout(() => {
      this.#askTimer = null;
      if (this.#isAllMissing || this.#missing.size > 0) this.#ask();
    }, delayMs);
  }

  #ask(): void {
    if (this.#isTooMuchTold) this.#line.send({ type: 'UNSUBSCRIBE' });
    const messages = subscribeMessages(this.#parts(), this.#isAllMissing && this.#all > 0);
    this.#isAllMissing = this.#isTooMuchTold = false;
    this.#missing.clear();
    this.#askIn(BETWEEN_MS);
    this.#timers.clearTimeout(this.#answerTimer as never);
    this.#answerTimer = this.#timers.setTimeout(() => this.#line.backOff(), ANSWER_MS);
    for (const message of messages) {
      const id = String(++this.#lastId);
      this.#pending.set(id, message.since);
      this.#line.send({ ...message, id, replay: this.#replay });
    }
    this.#checkResumed();
  }

  #parts(): Part[] {
    const part = (id: string, list: Part['list']): Part => ({ id, list, since: this.#store.positionOf(id) });
    if (!this.#isAllMissing) return Array.from(this.#missing, (id) => part(id, 'matches'));
    const others = this.#store.all().filter(({ matchId }) => !this.#matches.has(matchId));
    return [
      ...Array.from(this.#matches.keys(), (id) => part(id, 'matches')),
      ...others.map(({ matchId }) => part(matchId, null)),
      ...Array.from(this.#competitions.keys(), (id) => ({ id, list: 'competitions' as const })),
    ];
  }
}

/** @returns the new count; nothing is kept of what is not wanted any more */
function count(counts: Map<string, number>, id: string, by: number): number {
  const wanted = (counts.get(id) ?? 0) + by;
  if (wanted > 0) counts.set(id, wanted);
  else counts.delete(id);
  return wanted;
}
