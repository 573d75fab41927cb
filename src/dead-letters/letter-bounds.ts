import type { DeadLetter, DeadLetterReason } from '../contracts/dead-letter-sink.js';
import type { LetterBounds, Trimmed } from './ports/dead-letter-store.js';

const REASONS: readonly DeadLetterReason[] = ['malformed', 'unknown-match', 'cannot-be-written'];

/** A little more than is needed goes at once, so that a full table is not counted again for every letter. */
const SLACK = 0.01;

/** What is known of the table's content without asking it: never less than what is there, as far as we wrote it. */
export class LetterBoundsKeeper {
  readonly target: LetterBounds;
  private readonly stored = new Map<DeadLetterReason, LetterBounds>();
  private readonly asked = new Set<DeadLetterReason>(REASONS);

  constructor(readonly limit: LetterBounds) {
    this.target = { rows: Math.ceil(limit.rows * (1 - SLACK)), bytes: Math.ceil(limit.bytes * (1 - SLACK)) };
  }

  get isDue(): boolean {
    return this.asked.size > 0;
  }

  /** A reason whose table content must be looked at; all of them at the start. */
  nextDue(): DeadLetterReason | null {
    for (const reason of this.asked) {
      this.asked.delete(reason);
      return reason;
    }
    return null;
  }

  inserted(letters: readonly DeadLetter[]): void {
    for (const { reason, payload } of letters) {
      const { rows, bytes } = this.stored.get(reason) ?? { rows: Infinity, bytes: Infinity };
      this.note(reason, { rows: rows + 1, bytes: bytes + payload.length });
    }
  }

  trimmed(reason: DeadLetterReason, { rows, bytes }: Trimmed): void {
    this.note(reason, { rows, bytes });
  }

  private note(reason: DeadLetterReason, stored: LetterBounds): void {
    this.stored.set(reason, stored);
    if (stored.rows > this.limit.rows || stored.bytes > this.limit.bytes) this.asked.add(reason);
  }
}
