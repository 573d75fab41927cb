/** Newest first, 100 at most; `before` the id of the last one asks for older ones. */
export interface DeadLettersAnswer {
  readonly letters: readonly LetterStored[];
}

export interface LetterStored {
  readonly id: string;
  readonly reason: string;
  readonly detail: string | null;
  readonly matchId: string | null;
  readonly topic: string;
  readonly bytes: number;
  readonly receivedAtMs: number;
  readonly redrives: number;
  /** marked for another attempt that no host has taken */
  readonly isWaiting: boolean;
}

export interface DeadLetterAnswer extends LetterStored {
  /** the message as text, its first 65,536 bytes; what is no UTF-8 stands as U+FFFD */
  readonly text: string;
  readonly isTextWhole: boolean;
}
