import type { DeadLetter, DeadLetterReason, DeadLetterSink } from '../contracts/dead-letter-sink.js';
import type { FeedFrame } from '../contracts/feed-frame.js';
import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import { FENCED, isRefused } from '../domain/outcomes.js';

const NONE: MatchUpdate[] = [];

/** Who is told that nothing of a frame is outstanding any more. */
export interface FrameOwner {
  settled(frame: FrameReceipt): void;
}

/**
 * One message, from its submission until nothing of it is outstanding: then the broker may forget it.
 *
 * States: open –the last fate, letter and keeper→ settled; open –`park`→ parked: a letter for each update without a fate
 * takes the place of the broker's copy –they are stored→ settled. Fates that are told after `park` decide about the letters.
 */
export class FrameReceipt implements Receipt, FeedFrame {
  readonly awaitsCommit: boolean;
  readonly frame: FeedFrame = this;
  /** updates without a fate, letters not buried, whoever keeps the frame, and 1 for the intake itself */
  private outstanding: number;
  /** without a fate; made with the first fate */
  private unsettled: MatchUpdate[] | null = null;
  private isParked = false;

  constructor(
    readonly topic: string,
    readonly payload: Uint8Array,
    readonly receivedAtMs: number,
    private readonly updates: readonly MatchUpdate[],
    private readonly letters: DeadLetterSink | undefined,
    private readonly acknowledge: (() => void) | undefined,
    private readonly owner?: FrameOwner,
  ) {
    this.awaitsCommit = acknowledge !== undefined;
    this.outstanding = updates.length + 1;
  }

  concluded(update: MatchUpdate, outcome: Outcome): void {
    if (this.isParked) {
      this.resolve(update, outcome, this.receivedAtMs);
      return;
    }
    // Whoever holds the lease now needs the broker's copy: never acknowledged, the connection is about to end.
    if (outcome === FENCED) return;
    this.noteFate(update);
    if (outcome.kind === 'dead') this.bury('cannot-be-written', outcome.reason, update.matchId);
    else if (outcome.kind === 'parked') this.bury('unknown-match', statusOf(update), update.matchId);
    this.release();
  }

  replayed(update: MatchUpdate, outcome: Outcome): void {
    // what was refused tells nothing of those that came after it
    this.resolve(update, outcome, isRefused(outcome) ? this.receivedAtMs : undefined);
  }

  /** What has no fate yet is kept as letters of parked updates: once they are stored the broker may forget the message. */
  park(): void {
    if (this.isParked || !this.letters || !this.acknowledge) return;
    this.isParked = true;
    const waiting = this.unsettled ?? this.updates;
    for (const update of waiting) this.bury('unknown-match', statusOf(update), update.matchId);
    for (let n = waiting.length; n > 0; n--) this.release();
  }

  /** An update of which a letter is kept has met its fate. @param notAfterMs receipt of the newest letter that it settles */
  private resolve({ matchId }: MatchUpdate, outcome: Outcome, notAfterMs?: number): void {
    // Still parked, or for the holder of the lease to replay: the letter is needed.
    if (outcome.kind === 'parked' || outcome === FENCED) return;
    const done = (): void => this.letters?.resolve(matchId, notAfterMs);
    // The broker has forgotten the message: the parked letter is its only copy until the new one is stored.
    if (outcome.kind === 'dead') this.letters?.bury(this.letter('cannot-be-written', outcome.reason, matchId), done);
    else done();
  }

  /** By match: what is submitted may be a copy. */
  private noteFate({ matchId }: MatchUpdate): void {
    if (this.updates.length <= 1) {
      this.unsettled = NONE;
      return;
    }
    this.unsettled ??= [...this.updates];
    const index = this.unsettled.findIndex((update) => update.matchId === matchId);
    if (index >= 0) this.unsettled.splice(index, 1);
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
    if (this.outstanding !== 0) return;
    this.owner?.settled(this);
    this.acknowledge?.();
  }
}

/** Of every status the newest letter is kept: each knows what the others do not. */
function statusOf({ score }: MatchUpdate): string | null {
  return score ? `status ${score.status}` : null;
}
