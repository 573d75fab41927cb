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
   * Attempts all of them, in their order.
   * @returns once every update has been judged, or the time is up; what is settled later is discarded later
   */
  async attempt(letters: readonly StoredLetter[], timeoutMs: number): Promise<readonly LetterAttempt[]> {
    let unanswered = 0;
    let finish = (): void => {};
    const allAnswered = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const listener = {
      answered: () => {
        if (--unanswered === 0) finish();
      },
      done: (letter: StoredLetter) => this.keeper.discard(letter),
    };
    const attempts = letters.map((letter) => attemptAt(letter, listener));
    const answerable = attempts.filter(({ updates }) => updates.length > 0);
    unanswered = answerable.length;
    for (const attempt of answerable) {
      this.accounting.received(attempt.updates.length);
      this.sink.submit(attempt.updates, attempt);
    }
    if (unanswered > 0) await this.wait(allAnswered, timeoutMs);
    return attempts;
  }

  /** Nobody waits any longer. */
  stop(): void {
    this.stopping.abort();
  }

  private async wait(allAnswered: Promise<void>, timeoutMs: number): Promise<void> {
    const { signal } = this.stopping;
    if (signal.aborted) return;
    await within(unlessAborted(allAnswered, signal), timeoutMs, this.scheduler).catch(() => undefined);
  }
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
