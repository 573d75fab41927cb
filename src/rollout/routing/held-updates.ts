import type { Receipt, UpdateSink } from '../../contracts/update-sink.js';
import { hasScore } from '../../domain/decide.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { supersede } from '../../domain/supersede.js';

const MAX_HELD = 100;

/** An update that waits for its match to change path, and the direct path it may go. */
export interface HeldUpdate {
  readonly update: MatchUpdate;
  readonly receipt: Receipt | undefined;
  readonly direct: UpdateSink;
}

/**
 * What arrives while a match changes path, oldest first. Beyond 100 the oldest that nobody keeps a copy of gives way;
 * those with a copy are as many as the sender allows. The next score carries on what the one that gave way knew.
 */
export class HeldUpdates {
  private readonly held: HeldUpdate[] = [];

  /** @returns the one that gave way */
  add(held: HeldUpdate): HeldUpdate | null {
    this.held.push(held);
    if (this.held.length <= MAX_HELD) return null;
    const index = this.held.findIndex(({ receipt }) => receipt?.awaitsCommit !== true);
    const [overtaken] = index < 0 ? [] : this.held.splice(index, 1);
    if (!overtaken) return null;
    this.carryOn(overtaken.update, index);
    return overtaken;
  }

  all(): readonly HeldUpdate[] {
    return this.held;
  }

  private carryOn(older: MatchUpdate, from: number): void {
    if (!hasScore(older)) return;
    const index = this.held.findIndex(({ update }, n) => n >= from && hasScore(update));
    const next = this.held[index];
    if (!next || !hasScore(next.update)) return;
    const { update, receipt, direct } = next;
    this.held[index] = { update: supersede(older, update), receipt: receipt && receiptOf(update, receipt), direct };
  }
}

/** The sender is told of the update that it submitted. */
function receiptOf(submitted: MatchUpdate, receipt: Receipt): Receipt {
  return {
    awaitsCommit: receipt.awaitsCommit,
    waited: receipt.waited,
    frame: receipt.frame,
    concluded: (_folded, outcome) => receipt.concluded(submitted, outcome),
    replayed: (_folded, outcome) => receipt.replayed?.(submitted, outcome),
  };
}
