import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { FENCED, isRefused } from '../domain/outcomes.js';
import type { StoredLetter } from './ports/dead-letter-store.js';

/** `settled`: the letter is needed no more. With the others it stays. */
export type AttemptResult = 'settled' | 'parked' | 'dead' | 'malformed' | 'lease-lost' | 'not-ours' | 'unanswered';

export interface Verdict {
  readonly result: AttemptResult;
  /** `kind/reason` of what keeps the letter */
  readonly detail: string;
}

const SETTLED: Verdict = { result: 'settled', detail: 'settled' };

/** Who hears how an attempt goes. */
export interface AttemptListener {
  /** every update has been judged once; parked ones may still be replayed */
  answered(attempt: LetterAttempt): void;
  /**
   * Nothing of the letter is left to do, now or after its parked updates were replayed.
   * @param isTaken its row, or what waits to be written, says what the letter said; else that was refused
   */
  done(letter: StoredLetter, isTaken: boolean): void;
}

/**
 * One attempt to bring what a letter holds to its row.
 * waiting → (last update judged) → answered → (no obstacle, nothing parked any more) → done.
 */
export class LetterAttempt implements Receipt {
  readonly awaitsCommit = true;
  readonly waited = true;
  private waiting: number;
  private parked = 0;
  private isTaken = true;

  /** @param obstacle what keeps the letter whatever becomes of its updates */
  constructor(
    readonly letter: StoredLetter,
    readonly updates: readonly MatchUpdate[],
    private obstacle: Verdict | null,
    private readonly listener: AttemptListener,
  ) {
    this.waiting = updates.length;
  }

  get isAnswered(): boolean {
    return this.waiting <= 0;
  }

  get verdict(): Verdict {
    if (!this.isAnswered) return { result: 'unanswered', detail: 'not judged in time' };
    if (this.obstacle) return this.obstacle;
    return this.parked > 0 ? { result: 'parked', detail: 'parked/no-row' } : SETTLED;
  }

  concluded(_update: MatchUpdate, outcome: Outcome): void {
    this.waiting--;
    if (outcome.kind === 'parked') this.parked++;
    else this.note(outcome);
    if (this.waiting === 0) this.listener.answered(this);
    this.finish();
  }

  replayed(_update: MatchUpdate, outcome: Outcome): void {
    if (outcome.kind === 'parked') return;
    this.parked--;
    this.note(outcome);
    this.finish();
  }

  /** A holder of the past could not write it: the present one can. What is dead may be writable after a repair, and a match of the legacy path may come to this one. */
  private note(outcome: Outcome): void {
    const detail = `${outcome.kind}/${outcome.reason}`;
    if (isRefused(outcome)) this.isTaken = false;
    if (outcome.kind === 'dead') this.obstacle ??= { result: 'dead', detail };
    if (outcome === FENCED) this.obstacle ??= { result: 'lease-lost', detail };
    if (outcome.kind === 'legacy' || outcome.kind === 'shadow') this.obstacle ??= { result: 'not-ours', detail };
  }

  private finish(): void {
    if (this.verdict.result === 'settled') this.listener.done(this.letter, this.isTaken);
  }
}
