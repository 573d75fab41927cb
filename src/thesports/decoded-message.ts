import type { MatchUpdate, UpdateSource } from '../domain/match-update.js';

/** Where a message came from: copied into each of its updates. */
export interface Origin {
  readonly source: UpdateSource;
  readonly delivery: 'push' | 'pull';
  /** our clock at receipt, unix milliseconds */
  readonly receivedAtMs: number;
  /** our clock when the request left; null for pushes */
  readonly requestedAtMs: number | null;
  /** the broker sent it before */
  readonly redelivered?: true;
}

/** Why a message or a part of it was refused: a fixed set, fit for a metric label. */
export type RejectionReason =
  | 'too-large'
  | 'not-utf8'
  | 'not-json'
  | 'scalar'
  | 'error-body'
  | 'unknown-shape'
  | 'too-many'
  | 'no-id'
  | 'id-not-text'
  | 'blank-id'
  | 'bad-id'
  | 'id-mismatch'
  | 'short-tuple'
  | 'bad-status'
  | 'bad-slots'
  | 'negative-goals'
  | 'absurd-count'
  | 'bad-entry';

/** One refused part. `message` and `item` lose everything they hold, the other kinds only themselves. */
export interface Rejection {
  readonly kind: 'message' | 'item' | 'score' | 'statistics' | 'incidents' | 'commentary';
  readonly reason: RejectionReason;
  /** null when the match is not known for sure */
  readonly matchId: string | null;
}

/** Updates in the order of the message, one per item that carries anything; and everything refused. */
export interface DecodedMessage {
  readonly updates: readonly MatchUpdate[];
  /** the first 1,000 */
  readonly rejections: readonly Rejection[];
  /** further ones, by reason */
  readonly unlisted: ReadonlyMap<RejectionReason, number>;
  /** items, or the message, of which nothing could be read */
  readonly lost: number;
}

const MAX_REJECTIONS = 1_000;
/** of nearly every message: a map for each would cost more than its item */
const NONE: ReadonlyMap<RejectionReason, number> = new Map();
const NO_UPDATES: readonly MatchUpdate[] = [];
const NO_REJECTIONS: readonly Rejection[] = [];

/** A message while it is being decoded. */
export class MessageParts implements DecodedMessage {
  private taken: MatchUpdate[] | null = null;
  private listed: Rejection[] | null = null;
  unlisted: ReadonlyMap<RejectionReason, number> = NONE;
  lost = 0;
  private refused = 0;
  /** as they were when the present item began */
  private updatesBefore = 0;
  private refusedBefore = 0;

  constructor(readonly origin: Origin) {}

  get updates(): readonly MatchUpdate[] {
    return this.taken ?? NO_UPDATES;
  }

  get rejections(): readonly Rejection[] {
    return this.listed ?? NO_REJECTIONS;
  }

  add(update: MatchUpdate): void {
    // no literal: see "What is taken for old" in docs/performance.md
    if (this.taken) this.taken.push(update);
    else this.taken = Array.of(update);
  }

  /** Lists the first 1,000, and counts the others: one hostile message must not fill the memory with its complaints. */
  reject(kind: Rejection['kind'], reason: RejectionReason, matchId: string | null): void {
    this.refused += 1;
    if (kind === 'message') this.lost += 1;
    this.listed ??= [];
    if (this.listed.length < MAX_REJECTIONS) this.listed.push({ kind, reason, matchId });
    else this.unlisted = withOneMore(this.unlisted, reason);
  }

  beginItem(): void {
    this.updatesBefore = this.updates.length;
    this.refusedBefore = this.refused;
  }

  /** An item whose parts were all refused is lost, whatever the parts were. */
  endItem(): void {
    if (this.updates.length === this.updatesBefore && this.refused > this.refusedBefore) this.lost += 1;
  }
}

/** @param counts few: one per reason */
function withOneMore(counts: ReadonlyMap<RejectionReason, number>, reason: RejectionReason) {
  return new Map(counts).set(reason, (counts.get(reason) ?? 0) + 1);
}
