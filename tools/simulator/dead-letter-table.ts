import type { DeadLetter } from '../../src/contracts/dead-letter-sink.js';
import type { LetterRef, StoredLetter } from '../../src/dead-letters/ports/dead-letter-store.js';

const PAGE = 200;
const PARKED_PER_MATCH = 8;

/** `livescore_dead_letter` of one simulated world. */
export class DeadLetterTable {
  readonly letters = new Map<number, StoredLetter>();
  /** oldest first */
  private readonly parkedIds = new Map<string, readonly number[]>();
  private lastId = 0;

  insert(letters: readonly DeadLetter[]): void {
    for (const letter of letters) {
      if (letter.reason === 'unknown-match' && letter.matchId !== null) this.park(letter, letter.matchId);
      else this.put(++this.lastId, letter);
    }
  }

  resolve(matches: readonly { readonly matchId: string; readonly notAfterMs: number }[]): void {
    for (const { matchId, notAfterMs } of matches) {
      this.remove(this.parkedLetters(matchId).filter(({ receivedAtMs }) => receivedAtMs <= notAfterMs));
    }
  }

  remove(letters: readonly LetterRef[]): void {
    for (const { id, receivedAtMs } of letters) {
      const letter = this.letters.get(Number(id));
      if (letter?.receivedAtMs !== receivedAtMs) continue;
      this.letters.delete(Number(id));
      const { matchId } = letter;
      const ids = this.parkedIds.get(matchId ?? '')?.filter((parked) => parked !== Number(id)) ?? [];
      if (matchId !== null && ids.length > 0) this.parkedIds.set(matchId, ids);
      else this.parkedIds.delete(matchId ?? '');
    }
  }

  parked(receivedSinceMs: number, afterId: string): readonly StoredLetter[] {
    return [...this.letters.values()]
      .filter(({ reason, id, receivedAtMs }) => {
        return reason === 'unknown-match' && Number(id) > Number(afterId) && receivedAtMs >= receivedSinceMs;
      })
      .slice(0, PAGE);
  }

  private park(letter: DeadLetter, matchId: string): void {
    const older = this.parkedLetters(matchId);
    const newest = older.at(-1);
    if (newest && newest.receivedAtMs > letter.receivedAtMs) return;
    if (newest?.detail === letter.detail) {
      this.put(Number(newest.id), letter);
      return;
    }
    this.remove(older.filter(({ detail }, n) => detail === letter.detail || older.length - n >= PARKED_PER_MATCH));
    const id = ++this.lastId;
    this.parkedIds.set(matchId, [...(this.parkedIds.get(matchId) ?? []), id]);
    this.put(id, letter);
  }

  /** The parked letters of the match, oldest first. */
  parkedLetters(matchId: string): readonly StoredLetter[] {
    return (this.parkedIds.get(matchId) ?? []).flatMap((id) => this.letters.get(id) ?? []);
  }

  private put(id: number, letter: DeadLetter): void {
    this.letters.set(id, { ...letter, id: String(id), redrives: 0 });
  }
}
