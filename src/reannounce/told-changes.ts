import type { Committed } from '../contracts/committed-changes.js';
import { incidentKeysOf, type ToldAgain } from './told-again.js';

const MOST_CHANGES = 5_000;

/**
 * What this process told itself, lately: clients that stayed connected have heard it. The content is part of the key: a
 * database that lost its newest commits gives their versions again.
 */
export class ToldChanges {
  /** the oldest gives way */
  private readonly keys = new Set<string>();

  add(batch: readonly Committed[]): void {
    for (const change of batch) {
      if (change.kind === 'minute') continue;
      for (const key of keysOf(change)) this.remember(key);
    }
  }

  /** As it is now. */
  copy(): ToldChanges {
    const copy = new ToldChanges();
    for (const key of this.keys) copy.keys.add(key);
    return copy;
  }

  has(change: ToldAgain): boolean {
    return keysOf(change).every((key) => this.keys.has(key));
  }

  private remember(key: string): void {
    this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size <= MOST_CHANGES) return;
    const [oldest] = this.keys;
    if (oldest !== undefined) this.keys.delete(oldest);
  }
}

function keysOf(change: ToldAgain): readonly string[] {
  if (change.kind === 'incidents') return incidentKeysOf(change);
  const { matchId, epoch, version, after } = change;
  return [JSON.stringify([matchId, epoch, version, after.status, after.shown])];
}
