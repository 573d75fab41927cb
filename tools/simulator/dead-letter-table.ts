import type { DeadLetter } from '../../src/contracts/dead-letter-sink.js';
import type { LetterRef, StoredLetter } from '../../src/dead-letters/ports/dead-letter-store.js';

const PAGE = 200;

/** `livescore_dead_letter` of one simulated world. */
export class DeadLetterTable {
  readonly letters = new Map<number, StoredLetter>();
  private readonly parkedIds = new Map<string, number>();
  private lastId = 0;

  /** The parked letter of the match. */
  parkedOf(matchId: string): StoredLetter | undefined {
    return this.letters.get(this.parkedIds.get(matchId) ?? 0);
  }

  insert(letters: readonly DeadLetter[]): void {
    for (const letter of letters) {
      if (letter.reason === 'unknown-match' && letter.matchId !== null) this.park(letter, letter.matchId);
      else this.put(++this.lastId, letter);
    }
  }

  resolve(matches: readonly { readonly matchId: string; readonly notAfterMs: number }[]): void {
    for (const { matchId, notAfterMs } of matches) {
      const letter = this.parkedOf(matchId);
      if (letter && letter.receivedAtMs <= notAfterMs) this.remove([letter]);
    }
  }

  remove(letters: readonly LetterRef[]): void {
    for (const { id, receivedAtMs } of letters) {
      const letter = this.letters.get(Number(id));
      if (letter?.receivedAtMs !== receivedAtMs) continue;
      this.letters.delete(Number(id));
      if (letter.reason === 'unknown-match' && letter.matchId !== null) this.parkedIds.delete(letter.matchId);
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
    const older = this.parkedOf(matchId);
    if (older && older.receivedAtMs > letter.receivedAtMs) return;
    const id = older ? Number(older.id) : ++this.lastId;
    this.parkedIds.set(matchId, id);
    this.put(id, letter);
  }

  private put(id: number, letter: DeadLetter): void {
    this.letters.set(id, { ...letter, id: String(id), redrives: 0 });
  }
}
