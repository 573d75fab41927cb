import type { DeadLetter, DeadLetterReason } from '../../contracts/dead-letter-sink.js';

/** The reference names one content of a letter: a parked update keeps its id when a newer one takes its place. */
export interface LetterRef {
  readonly id: string;
  readonly receivedAtMs: number;
}

/** The store holds a letter with its name and its attempts. */
export interface StoredLetter extends DeadLetter, LetterRef {
  /** attempts made on request, with the present one */
  readonly redrives: number;
}

/** A reason has at most so many letters, and so many bytes of payload. */
export interface LetterBounds {
  readonly rows: number;
  readonly bytes: number;
}

/** The answer says what is left of a reason, and how many letters gave way. */
export interface Trimmed extends LetterBounds {
  readonly evicted: number;
}

/** The store keeps the table of dead letters. Port and injection token in one. */
export abstract class DeadLetterStore {
  /**
   * Keeps all letters, in one commit. An `unknown-match` letter takes the place of an older one of its match with the same
   * detail, and gives way when its match has a newer one. Of a match the 8 newest are kept.
   * @param letters at most one `unknown-match` letter per match
   * @throws the driver's error; see `classify`
   */
  abstract insert(letters: readonly DeadLetter[]): Promise<void>;

  /** Deletes the `unknown-match` letters of these matches that were received no later than told. */
  abstract resolve(matches: readonly { readonly matchId: string; readonly notAfterMs: number }[]): Promise<void>;

  /** Deletes these letters, where they still have the content that is meant. */
  abstract remove(letters: readonly LetterRef[]): Promise<void>;

  /**
   * When more than `limit` is kept for the reason, deletes the oldest until `target` is met. One call deletes 5,000
   * letters at most; what it tells shows whether another is needed.
   */
  abstract trim(reason: DeadLetterReason, limit: LetterBounds, target: LetterBounds): Promise<Trimmed>;

  /** Parked updates in the order of their ids, which for a match is that of receipt: at most 200 letters, and 4 MB unless the first is larger. */
  abstract parked(receivedSinceMs: number, afterId: string): Promise<readonly StoredLetter[]>;

  /**
   * Takes letters that wait for another attempt, oldest request first, so that nobody else takes them: at most 50
   * letters, and 4 MB unless the first is larger. In the order of receipt.
   */
  abstract claimRedrives(): Promise<readonly StoredLetter[]>;

  /** The attempt was in vain: the letters stay, with what was found, where they still have the content that is meant. */
  abstract keep(letters: readonly (LetterRef & { readonly detail: string })[]): Promise<void>;
}
