export type DeadLetterReason =
  /** the decoder refused the message or a part of it */
  | 'malformed'
  /** no row yet: parked, replayed when the row appears */
  | 'unknown-match'
  /** the database will never take it */
  | 'cannot-be-written';

/** A message, or the part of it about one match, that did not reach its row. */
export interface DeadLetter {
  readonly reason: DeadLetterReason;
  /** what exactly: rejection reason, SQLSTATE, or of a parked update its status; null when the reason says it all */
  readonly detail: string | null;
  /** null when the match is not known for sure */
  readonly matchId: string | null;
  readonly topic: string;
  /** as received */
  readonly payload: Uint8Array;
  /** our clock, unix ms */
  readonly receivedAtMs: number;
}

/** Where dead letters go. Port and injection token in one; optional: without it they are only counted. */
export abstract class DeadLetterSink {
  /**
   * Keeps a letter; never throws, never waits. An `unknown-match` letter replaces an older one of its match
   * with the same detail: what an earlier status knew, the kick-off of the first half above all, must outlive us, too.
   * @param buried called once, after the commit. With it the letter is never dropped for lack of memory: its sender
   * keeps a bounded number of frames unacknowledged. Without it the letter is dropped, and counted, when too many wait
   */
  abstract bury(letter: DeadLetter, buried?: () => void): void;
  /**
   * The parked update of the match reached its row: its letter is needed no more.
   * @param notAfterMs receipt of the newest letter that is meant, our clock, unix ms; absent: all of them
   */
  abstract resolve(matchId: string, notAfterMs?: number): void;
}
