import type { DeadLetter, DeadLetterReason, DeadLetterSink } from '../contracts/dead-letter-sink.js';
import type { FeedFrame } from '../contracts/feed-frame.js';
import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { FENCED } from '../domain/outcomes.js';

/** One message, from its submission until nothing of it is outstanding: then the broker may forget it. */
export class FrameReceipt implements Receipt, FeedFrame {
  readonly awaitsCommit: boolean;
  readonly frame: FeedFrame = this;
  /** updates without a fate, letters not buried, whoever keeps the frame, and 1 for the intake itself */
  private outstanding: number;

  constructor(
    readonly topic: string,
    readonly payload: Uint8Array,
    private readonly receivedAtMs: number,
    updates: number,
    private readonly letters: DeadLetterSink | undefined,
    private readonly acknowledge: (() => void) | undefined,
  ) {
    this.awaitsCommit = acknowledge !== undefined;
    this.outstanding = updates + 1;
  }

  concluded(update: MatchUpdate, outcome: Outcome): void {
    // Whoever holds the lease now needs the broker's copy: never acknowledged, the connection is about to end.
    if (outcome === FENCED) return;
    if (outcome.kind === 'dead') this.bury('cannot-be-written', outcome.reason, update.matchId);
    else if (outcome.kind === 'parked') this.bury('unknown-match', statusOf(update), update.matchId);
    this.release();
  }

  replayed(update: MatchUpdate, outcome: Outcome): void {
    // Still parked, or for the holder of the lease to replay: the letter is needed.
    if (outcome.kind === 'parked' || outcome === FENCED) return;
    const { matchId } = update;
    const resolve = (): void => this.letters?.resolve(matchId);
    // The broker has forgotten the message: the parked letter is its only copy until the new one is stored.
    if (outcome.kind === 'dead') this.letters?.bury(this.letter('cannot-be-written', outcome.reason, matchId), resolve);
    else resolve();
  }

  /** Keeps the message as a dead letter; it counts as outstanding until that is committed. */
  bury(reason: DeadLetterReason, detail: string | null, matchId: string | null): void {
    if (!this.letters) return;
    const letter = this.letter(reason, detail, matchId);
    if (!this.acknowledge) {
      this.letters.bury(letter);
      return;
    }
    this.outstanding += 1;
    this.letters.bury(letter, () => this.release());
  }

  private letter(reason: DeadLetterReason, detail: string | null, matchId: string | null): DeadLetter {
    const { topic, payload, receivedAtMs } = this;
    return { reason, detail, matchId, topic, payload, receivedAtMs };
  }

  keep(): () => void {
    let kept = true;
    this.outstanding += 1;
    return () => {
      if (kept) this.release();
      kept = false;
    };
  }

  /** The intake has handed everything over. */
  handedOver(): void {
    this.release();
  }

  /** The sink broke its promise: nothing will be told of what is still outstanding. Returns how many updates that is. */
  abandon(): number {
    const abandoned = Math.max(0, this.outstanding - 1);
    this.outstanding = 1;
    return abandoned;
  }

  private release(): void {
    this.outstanding -= 1;
    if (this.outstanding === 0) this.acknowledge?.();
  }
}

/** Of every status the newest letter is kept: each knows what the others do not. */
function statusOf({ score }: MatchUpdate): string | null {
  return score ? `status ${score.status}` : null;
}
