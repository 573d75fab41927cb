import type { Receipt, UpdateSink } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';

const MAX_HELD = 100;

/** An update that waits for its match to change path, and the direct path it may go. */
export interface HeldUpdate {
  readonly update: MatchUpdate;
  readonly receipt: Receipt | undefined;
  readonly direct: UpdateSink;
}

/**
 * What arrives while a match changes path, oldest first. Beyond 100 the oldest that nobody keeps a copy of gives way;
 * those with a copy are as many as the sender allows.
 */
export class HeldUpdates {
  private readonly held: HeldUpdate[] = [];

  /** @returns the one that gave way */
  add(held: HeldUpdate): HeldUpdate | null {
    this.held.push(held);
    if (this.held.length <= MAX_HELD) return null;
    const index = this.held.findIndex(({ receipt }) => receipt?.awaitsCommit !== true);
    return index < 0 ? null : (this.held.splice(index, 1)[0] ?? null);
  }

  all(): readonly HeldUpdate[] {
    return this.held;
  }
}
