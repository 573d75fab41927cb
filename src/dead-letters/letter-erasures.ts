import type { DeadLetter } from '../contracts/dead-letter-sink.js';
import { classify } from '../postgres/sql-state.js';
import type { DeadLetterStore, StoredLetter } from './ports/dead-letter-store.js';

/** Beyond it erasures are forgotten: a letter that stays for nothing is stale when it is tried again. */
const CAPACITY = 10_000;
const PER_STATEMENT = 500;

/** Letters that are needed no more, until the table knows. */
export class LetterErasures {
  private readonly resolved = new Map<string, number>();
  private readonly discarded = new Map<string, number>();

  constructor(private readonly store: DeadLetterStore) {}

  get size(): number {
    return this.resolved.size + this.discarded.size;
  }

  resolve(matchId: string, notAfterMs: number): void {
    if (this.resolved.size >= CAPACITY) return;
    const id = matchId.replaceAll('\0', '');
    this.resolved.set(id, Math.max(notAfterMs, this.resolved.get(id) ?? notAfterMs));
  }

  /**
   * Of a parked update that was taken with those of its match that were received before it; one of the same millisecond may be newer. What was refused
   * tells nothing of the others.
   */
  discard({ id, receivedAtMs, reason, matchId }: StoredLetter, isTaken: boolean): void {
    if (reason === 'unknown-match' && matchId !== null && isTaken) this.resolve(matchId, receivedAtMs - 1);
    if (this.discarded.size < CAPACITY) this.discarded.set(id, receivedAtMs);
  }

  resolves({ reason, matchId, receivedAtMs }: DeadLetter): boolean {
    if (reason !== 'unknown-match' || matchId === null) return false;
    return receivedAtMs <= (this.resolved.get(matchId) ?? Number.NEGATIVE_INFINITY);
  }

  /** One statement. @throws when another attempt may succeed */
  async send(): Promise<void> {
    const matches = firstOf(this.resolved).map(([matchId, notAfterMs]) => ({ matchId, notAfterMs }));
    if (matches.length > 0) {
      await unlessRefused(this.store.resolve(matches));
      for (const { matchId, notAfterMs } of matches) forget(this.resolved, matchId, notAfterMs);
      return;
    }
    const letters = firstOf(this.discarded).map(([id, receivedAtMs]) => ({ id, receivedAtMs }));
    await unlessRefused(this.store.remove(letters));
    for (const { id, receivedAtMs } of letters) forget(this.discarded, id, receivedAtMs);
  }
}

function firstOf(map: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...map.entries()].slice(0, PER_STATEMENT);
}

/** Unless it was asked for again with another time meanwhile. */
function forget(map: Map<string, number>, key: string, sentMs: number): void {
  if (map.get(key) === sentMs) map.delete(key);
}

async function unlessRefused(statement: Promise<void>): Promise<void> {
  await statement.catch((error: unknown) => {
    if (classify(error) !== 'permanent') throw error;
  });
}
