import type { Committed } from '../contracts/committed-changes.js';

const MAX_CHANGES = 50_000;

/**
 * Changes that wait for the cache, in commit order. Above 50,000 changes new ones that only move the minute are dropped and
 * counted: the next minute repairs them. Others are always kept: a round ends after the cache's timeout, so the queue
 * cannot hold more than the database commits in that time.
 */
export class CommitQueue {
  private changes: Committed[] = [];

  constructor(
    private readonly onDropped: (count: number) => void,
    private readonly maxChanges = MAX_CHANGES,
  ) {}

  get size(): number {
    return this.changes.length;
  }

  push(batch: readonly Committed[]): void {
    let dropped = 0;
    for (const change of batch) {
      if (this.changes.length >= this.maxChanges && movesOnlyTheMinute(change)) dropped += 1;
      else this.changes.push(change);
    }
    if (dropped > 0) this.onDropped(dropped);
  }

  /** Everything that waits; the queue is empty afterwards. */
  takeAll(): readonly Committed[] {
    const taken = this.changes;
    this.changes = [];
    return taken;
  }
}

function movesOnlyTheMinute(change: Committed): boolean {
  return change.kind === 'minute';
}
