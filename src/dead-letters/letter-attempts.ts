import { Injectable } from '@nestjs/common';
import { UpdateSink } from '../contracts/update-sink.js';
import { Accounting } from '../kernel/accounting.js';
import { unlessAborted, within } from '../kernel/deadline.js';
import { Scheduler } from '../kernel/scheduler.js';
import { decodeMessage } from '../thesports/decode-message.js';
import type { Rejection } from '../thesports/decoded-message.js';
import { DeadLetterKeeper } from './dead-letter-keeper.js';
import { LetterAttempt, type Verdict } from './letter-attempt.js';
import type { StoredLetter } from './ports/dead-letter-store.js';

/** Letters, and bytes of them, that are submitted before the event loop and the database have had a turn. */
const FEW = 20;
const FEW_BYTES = 65_536;
/** The longest wait for them: a letter whose row is locked does not hold up the next ones. */
const FEW_MS = 100;

/** Decodes stored letters again and submits what they hold; those whose every update is settled are discarded. */
@Injectable()
export class LetterAttempts {
  private readonly stopping = new AbortController();

  constructor(
    private readonly sink: UpdateSink,
    private readonly keeper: DeadLetterKeeper,
    private readonly accounting: Accounting,
    private readonly scheduler: Scheduler,
  ) {}

  /**
   * Attempts all of them, in their order, a few at a time: what the feed says meanwhile does not wait behind them.
   * @returns once every update has been judged, or the time is up; what is settled later is discarded later
   */
  async attempt(letters: readonly StoredLetter[], timeoutMs: number): Promise<readonly LetterAttempt[]> {
    const untilMs = this.scheduler.monotonicMs() + timeoutMs;
    const attempts: LetterAttempt[] = [];
    const answers: Promise<void>[] = [];
    for (const few of fewAtATime(letters)) {
      const answered = this.submit(few, attempts);
      answers.push(answered);
      await this.wait(answered, FEW_MS);
    }
    await this.wait(Promise.all(answers), Math.max(0, untilMs - this.scheduler.monotonicMs()));
    return attempts;
  }

  /** @param attempts gets theirs @returns when each of their updates has been judged */
  private submit(letters: readonly StoredLetter[], attempts: LetterAttempt[]): Promise<void> {
    return new Promise((resolve) => {
      let unanswered = 0;
      const listener = {
        answered: () => {
          if (--unanswered === 0) resolve();
        },
        done: (letter: StoredLetter, isTaken: boolean) => this.keeper.discard(letter, isTaken),
      };
      const these = letters.map((letter) => attemptAt(letter, listener));
      attempts.push(...these);
      const answerable = these.filter(({ updates }) => updates.length > 0);
      unanswered = answerable.length;
      if (unanswered === 0) resolve();
      for (const attempt of answerable) {
        this.accounting.received(attempt.updates.length);
        this.sink.submit(attempt.updates, attempt);
      }
    });
  }

  /** Nobody waits any longer. */
  stop(): void {
    this.stopping.abort();
  }

  private async wait(answers: Promise<unknown>, timeoutMs: number): Promise<void> {
    const { signal } = this.stopping;
    if (signal.aborted) return;
    await within(unlessAborted(answers, signal), timeoutMs, this.scheduler).catch(() => undefined);
  }
}

function* fewAtATime(letters: readonly StoredLetter[]): Generator<readonly StoredLetter[]> {
  let few: StoredLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    few.push(letter);
    bytes += letter.payload.length;
    if (few.length < FEW && bytes < FEW_BYTES) continue;
    yield few;
    few = [];
    bytes = 0;
  }
  if (few.length > 0) yield few;
}

function attemptAt(letter: StoredLetter, listener: ConstructorParameters<typeof LetterAttempt>[3]): LetterAttempt {
  const { matchId, receivedAtMs, payload, reason } = letter;
  const origin = { source: 'mqtt', delivery: 'push', receivedAtMs, requestedAtMs: null } as const;
  const decoded = decodeMessage(payload, origin);
  const updates = decoded.updates.filter((update) => matchId === null || update.matchId === matchId);
  const rejection = decoded.rejections.find((refused) => matchId === null || refused.matchId === matchId);
  // Letters of the other reasons are about an update, whatever else of their message was refused.
  const refusal = reason === 'malformed' || updates.length === 0 ? rejection : undefined;
  return new LetterAttempt(letter, updates, obstacleOf(refusal, updates.length), listener);
}

function obstacleOf(refusal: Rejection | undefined, updates: number): Verdict | null {
  if (refusal) return { result: 'malformed', detail: `${refusal.kind}:${refusal.reason}` };
  return updates === 0 ? { result: 'malformed', detail: 'message:nothing-about-the-match' } : null;
}
