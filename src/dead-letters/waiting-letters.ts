import type { DeadLetter } from '../contracts/dead-letter-sink.js';

/** A letter on its way into the table, and everybody who waits for it to be there. */
export interface WaitingLetter {
  letter: DeadLetter;
  readonly buried: (() => void)[];
}

export interface WaitingLimits {
  readonly letters: number;
  readonly bytes: number;
}

/**
 * Letters in memory, oldest first. One per match and detail for `unknown-match`: the newest takes the place of the one
 * before and its waiters over. Beyond the limits the oldest letters that nobody waits for are given up; the others are never.
 */
export class WaitingLetters {
  private queue: WaitingLetter[] = [];
  /** by match, then by detail */
  private readonly parked = new Map<string, Map<string | null, WaitingLetter>>();
  private droppableLetters = 0;
  private droppableBytes = 0;

  constructor(private readonly limits: WaitingLimits) {}

  get size(): number {
    return this.queue.length;
  }

  /** @returns the letters given up for it */
  add(letter: DeadLetter, buried: (() => void) | undefined): readonly DeadLetter[] {
    if (!this.joins(letter, buried ? [buried] : [])) this.append({ letter, buried: buried ? [buried] : [] });
    return this.dropOverflow();
  }

  /** The oldest: at most so many letters and bytes, but one at least, and of a match one parked update. */
  take(maxLetters: number, maxBytes: number): readonly WaitingLetter[] {
    const matches = new Set<string>();
    let bytes = 0;
    let count = 0;
    for (const { letter } of this.queue) {
      bytes += letter.payload.length;
      if (count > 0 && (count >= maxLetters || bytes > maxBytes)) break;
      if (isParked(letter)) {
        if (matches.has(letter.matchId)) break;
        matches.add(letter.matchId);
      }
      count++;
    }
    const taken = this.queue.splice(0, count);
    for (const waiting of taken) this.forget(waiting);
    return taken;
  }

  /** Puts back in front what could not be stored; a newer letter of a match and detail keeps its place. */
  giveBack(batch: readonly WaitingLetter[]): readonly DeadLetter[] {
    const waiting = this.queue;
    this.queue = [];
    for (const entry of batch) {
      const successor = this.parkedLike(entry.letter);
      if (successor) this.succeed(successor, newerOf(entry.letter, successor.letter), entry.buried);
      else this.append(entry);
    }
    this.queue.push(...waiting);
    return this.dropOverflow();
  }

  /** @returns the waiters of the parked updates of this match that were received by then: they are needed no more */
  cancelParked(matchId: string, notAfterMs: number): readonly (() => void)[] {
    const waiting = [...(this.parked.get(matchId)?.values() ?? [])];
    const cancelled = waiting.filter(({ letter }) => letter.receivedAtMs <= notAfterMs);
    for (const waiting of cancelled) this.remove(waiting);
    return cancelled.flatMap(({ buried }) => buried);
  }

  /** The newer one goes to the end: of a match the newest is stored last. */
  private joins(letter: DeadLetter, buried: readonly (() => void)[]): boolean {
    const waiting = this.parkedLike(letter);
    if (!waiting) return false;
    if (newerOf(waiting.letter, letter) === letter) {
      this.remove(waiting);
      this.append({ letter, buried: [...waiting.buried, ...buried] });
    } else this.succeed(waiting, waiting.letter, buried);
    return true;
  }

  /** The waiting letter of the same match and detail. */
  private parkedLike(letter: DeadLetter): WaitingLetter | undefined {
    return isParked(letter) ? this.parked.get(letter.matchId)?.get(letter.detail) : undefined;
  }

  /** One place in the queue for both: the newer letter, and everybody's waiters. */
  private succeed(waiting: WaitingLetter, newest: DeadLetter, buried: readonly (() => void)[]): void {
    this.account(waiting, -1);
    waiting.letter = newest;
    waiting.buried.push(...buried);
    this.account(waiting, 1);
  }

  private append(waiting: WaitingLetter): void {
    this.queue.push(waiting);
    const { letter } = waiting;
    if (isParked(letter)) {
      const ofMatch = this.parked.get(letter.matchId) ?? new Map<string | null, WaitingLetter>();
      this.parked.set(letter.matchId, ofMatch.set(letter.detail, waiting));
    }
    this.account(waiting, 1);
  }

  private remove(waiting: WaitingLetter): void {
    this.queue.splice(this.queue.indexOf(waiting), 1);
    this.forget(waiting);
  }

  private forget(waiting: WaitingLetter): void {
    const { letter } = waiting;
    if (isParked(letter)) {
      const ofMatch = this.parked.get(letter.matchId);
      ofMatch?.delete(letter.detail);
      if (ofMatch?.size === 0) this.parked.delete(letter.matchId);
    }
    this.account(waiting, -1);
  }

  private account({ letter, buried }: WaitingLetter, sign: 1 | -1): void {
    if (buried.length > 0) return;
    this.droppableLetters += sign;
    this.droppableBytes += sign * letter.payload.length;
  }

  private dropOverflow(): readonly DeadLetter[] {
    const dropped: DeadLetter[] = [];
    while (this.droppableLetters > this.limits.letters || this.droppableBytes > this.limits.bytes) {
      const oldest = this.queue.find(({ buried }) => buried.length === 0);
      if (!oldest) break;
      this.remove(oldest);
      dropped.push(oldest.letter);
    }
    return dropped;
  }
}

/** Of the same millisecond the one that came later. */
function newerOf(earlier: DeadLetter, later: DeadLetter): DeadLetter {
  return earlier.receivedAtMs > later.receivedAtMs ? earlier : later;
}

function isParked(letter: DeadLetter): letter is DeadLetter & { readonly matchId: string } {
  return letter.reason === 'unknown-match' && letter.matchId !== null;
}
