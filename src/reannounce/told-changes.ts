import type { Committed } from '../contracts/committed-changes.js';
import { incidentKeysOf, isOwed, type ToldAgain } from './told-again.js';

const MOST_CHANGES = 5_000;

/**
 * What this process told itself, lately: clients that stayed connected have heard it. The content is part of the key: a
 * database that lost its newest commits gives their versions again.
 */
export class ToldChanges {
  /** Two halves: where the newer one is full the older one gives way to it. */
  private newer = new Set<string>();
  private older: ReadonlySet<string> = new Set<string>();

  add(batch: readonly Committed[]): void {
    for (const change of batch) {
      if (isOwed(change)) for (const key of keysOf(change)) this.remember(key);
    }
  }

  /** As it is now. */
  copy(): ToldChanges {
    const copy = new ToldChanges();
    copy.older = new Set([...this.older, ...this.newer]);
    return copy;
  }

  has(change: ToldAgain): boolean {
    return keysOf(change).every((key) => this.newer.has(key) || this.older.has(key));
  }

  private remember(key: string): void {
    this.newer.add(key);
    if (this.newer.size < MOST_CHANGES / 2) return;
    this.older = this.newer;
    this.newer = new Set();
  }
}

function keysOf(change: ToldAgain): readonly string[] {
  if (change.kind === 'incidents') return incidentKeysOf(change);
  const { matchId, epoch, version, after } = change;
  return [`${epoch} ${version} ${after.status} ${after.shown.home}-${after.shown.away} ${matchId}`];
}
