import type { DeadLetter, DeadLetterReason } from '../../src/contracts/dead-letter-sink.js';
import {
  DeadLetterStore,
  type LetterBounds,
  type LetterRef,
  type StoredLetter,
  type Trimmed,
} from '../../src/dead-letters/ports/dead-letter-store.js';
import { type DatabaseLink, FAULTS_IN_ORDER } from './database-link.js';
import type { DeadLetterTable } from './dead-letter-table.js';

/** The dead letters as one process reaches them. No operator is at work in a simulation, and the table is never full. */
export class SimulatedDeadLetterStore extends DeadLetterStore {
  constructor(
    private readonly table: DeadLetterTable,
    private readonly link: DatabaseLink,
  ) {
    super();
  }

  override insert(letters: readonly DeadLetter[]): Promise<void> {
    // two letters of a match that were received in one millisecond are told apart by the order of their statements
    return this.link.request('insert letters', () => this.table.insert(letters), FAULTS_IN_ORDER);
  }

  override resolve(matches: readonly { readonly matchId: string; readonly notAfterMs: number }[]): Promise<void> {
    return this.link.request('resolve letters', () => this.table.resolve(matches));
  }

  override remove(letters: readonly LetterRef[]): Promise<void> {
    return this.link.request('remove letters', () => this.table.remove(letters));
  }

  override trim(_reason: DeadLetterReason, limit: LetterBounds): Promise<Trimmed> {
    return this.link.request('trim letters', () => ({ evicted: 0, rows: Math.min(limit.rows, 1), bytes: 1 }));
  }

  override parked(receivedSinceMs: number, afterId: string): Promise<readonly StoredLetter[]> {
    return this.link.request('read parked', () => this.table.parked(receivedSinceMs, afterId));
  }

  override claimRedrives(): Promise<readonly StoredLetter[]> {
    return this.link.request('claim redrives', () => []);
  }

  override keep(): Promise<void> {
    return this.link.request('keep letters', () => {});
  }
}
