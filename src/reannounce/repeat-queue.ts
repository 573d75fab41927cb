import type { Committed } from '../contracts/committed-changes.js';
import { incidentKeysOf, isOwed, type ToldAgain } from './told-again.js';

const MAX_WAITING = 2_000;

/**
 * What is told again after a takeover, and what is committed meanwhile. Existing clients show whatever they hear last,
 * whatever its version: a repeated change must be followed by everything later about its match.
 */
export class RepeatQueue {
  /** committed by this process before the journal was read */
  private waiting: ToldAgain[] = [];
  private overflowed = false;
  private matches: ReadonlySet<string> | null = null;

  /** @returns those that newcomers must hear after the repeated changes; none before these are known */
  add(batch: readonly Committed[]): readonly ToldAgain[] {
    const visible = batch.filter(isOwed);
    const { matches } = this;
    if (matches) return visible.filter(({ matchId }) => matches.has(matchId));
    this.waiting.push(...visible);
    if (this.waiting.length > MAX_WAITING) {
      this.waiting = [];
      this.overflowed = true;
    }
    return [];
  }

  /**
   * @param journaled what the database says, in the order of commit
   * @returns what to tell: the journaled changes, each match followed by its later ones. Nothing when too much was
   * committed meanwhile to know what is later
   */
  settle(journaled: readonly ToldAgain[]): readonly ToldAgain[] {
    const owed = this.overflowed ? [] : journaled;
    const own = new Set(this.waiting.flatMap(keysOf));
    const matches = new Set(owed.map(({ matchId }) => matchId));
    const later = this.waiting.filter(({ matchId }) => matches.has(matchId));
    this.waiting = [];
    this.matches = matches;
    return [...owed.filter((change) => !keysOf(change).every((key) => own.has(key))), ...later];
  }
}

function keysOf(change: ToldAgain): readonly string[] {
  if (change.kind === 'incidents') return incidentKeysOf(change);
  const { matchId, epoch, version } = change;
  return [JSON.stringify([matchId, epoch, version])];
}
