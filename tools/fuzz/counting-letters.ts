import type { DeadLetter } from '../../src/contracts/dead-letter-sink.js';
import { DeadLetterStore, type StoredLetter, type Trimmed } from '../../src/dead-letters/ports/dead-letter-store.js';
import type { DatabaseLink } from '../simulator/database-link.js';

/** Dead letters, counted and forgotten: there would be too many to keep. */
export class CountingLetters extends DeadLetterStore {
  readonly counts: Record<string, number> = {};

  constructor(private readonly link: DatabaseLink) {
    super();
  }

  override insert(letters: readonly DeadLetter[]): Promise<void> {
    return this.link.request('insert letters', () => {
      for (const { reason } of letters) this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    });
  }

  override async resolve(): Promise<void> {}
  override async remove(): Promise<void> {}
  override async keep(): Promise<void> {}

  override async trim(): Promise<Trimmed> {
    return { evicted: 0, rows: 0, bytes: 0 };
  }

  override async parked(): Promise<readonly StoredLetter[]> {
    return [];
  }

  override async claimRedrives(): Promise<readonly StoredLetter[]> {
    return [];
  }
}
