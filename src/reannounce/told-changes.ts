import type { Committed, ScoreCommitted } from '../contracts/committed-changes.js';

const MOST_CHANGES = 5_000;

/**
 * What this process told itself, lately: clients that stayed connected have heard it. The content is part of the key: a
 * database that lost its newest commits gives their versions again.
 */
export class ToldChanges {
  /** the oldest gives way */
  private readonly keys = new Set<string>();

  add(batch: readonly Committed[]): void {
    for (const change of batch) if (change.kind === 'score') this.remember(keyOf(change));
  }

  /** As it is now. */
  copy(): ToldChanges {
    const copy = new ToldChanges();
    for (const key of this.keys) copy.keys.add(key);
    return copy;
  }

  has(change: ScoreCommitted): boolean {
    return this.keys.has(keyOf(change));
  }

  private remember(key: string): void {
    this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size <= MOST_CHANGES) return;
    const [oldest] = this.keys;
    if (oldest !== undefined) this.keys.delete(oldest);
  }
}

function keyOf({ matchId, epoch, version, after }: ScoreCommitted): string {
  return JSON.stringify([matchId, epoch, version, after.status, after.shown]);
}
