import type { DeadLetterReason } from '../../contracts/dead-letter-sink.js';

/** Which letters are meant; what is absent does not matter. */
export interface LetterSelection {
  readonly id?: string;
  readonly matchId?: string;
  readonly reason?: DeadLetterReason;
  /** received at least that long ago, seconds */
  readonly olderThanS?: number;
}

/** A letter as operators see it in a list. */
export interface ListedLetter {
  readonly id: string;
  readonly reason: string;
  readonly detail: string | null;
  readonly matchId: string | null;
  readonly topic: string;
  readonly bytes: number;
  readonly receivedAt: Date;
  readonly redrives: number;
  /** an operator asked for another attempt that no host has taken yet */
  readonly waiting: boolean;
}

export interface LetterTotal {
  readonly reason: string;
  readonly letters: number;
  readonly bytes: number;
  /** of them, marked for another attempt that no host has taken yet */
  readonly waiting: number;
}

/** One letter with its message. */
export interface OpenedLetter extends ListedLetter {
  readonly payload: Buffer;
}

/** Letters that were marked for another attempt at one moment. */
export interface MarkedLetters {
  readonly ids: readonly string[];
  /** as the database writes it; empty without a letter */
  readonly markedAt: string;
}

/** What became of marked letters so far. */
export interface RedriveProgress {
  /** no host has taken them */
  readonly waiting: number;
  /** taken, not told of yet */
  readonly underWay: number;
  /** tried in vain: they stay */
  readonly kept: number;
  /** brought to their rows and deleted */
  readonly gone: number;
}

/** The reasons of letters, by which operators choose. */
export const LETTER_REASONS: readonly DeadLetterReason[] = ['malformed', 'unknown-match', 'cannot-be-written'];

/** What operators do with kept letters, from a terminal or from the page. Port and injection token in one. */
export abstract class LetterDesk {
  /**
   * Newest first.
   * @param beforeId only those with a lower id; null: from the newest on
   */
  abstract list(selection: LetterSelection, limit: number, beforeId: string | null): Promise<readonly ListedLetter[]>;
  /** By reason, in order. */
  abstract totals(selection: LetterSelection): Promise<readonly LetterTotal[]>;
  /** Null: there is none of that id. */
  abstract open(id: string): Promise<OpenedLetter | null>;
  /** Has the host that takes the feed try them again. */
  abstract mark(selection: LetterSelection): Promise<MarkedLetters>;
  abstract progress(marked: MarkedLetters): Promise<RedriveProgress>;
}
