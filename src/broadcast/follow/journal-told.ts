import type { MatchTimes } from '../../contracts/match-times.js';
import { rebuildVersions } from '../../reannounce/ports/rebuild-changes.js';
import type { JournaledChange } from '../../reannounce/ports/recent-changes.js';
import { toldOf } from '../board/told-of.js';
import type { Position } from '../ports/position.js';
import type { Told } from '../ports/told.js';
import { JournalTimes } from './journal-times.js';

/**
 * Versions of one match as they were told when they were committed: one for each row of the journal, each of which continues
 * the one before it.
 * @param changes in order
 * @param after the position that the first one follows
 * @param host what is known of formats beside the database
 */
export function toldByJournal(
  changes: readonly JournaledChange[],
  after: Position,
  nowMs: number,
  host: MatchTimes,
): readonly Told[] {
  const facts = rebuildVersions(changes);
  return changes.map((change, n) => {
    const fact = facts[n];
    if (!fact) throw new Error('Every row of the journal is one fact');
    const previous = previousOf(change, changes[n - 1] ?? after);
    return toldOf(fact, { nowMs, times: new JournalTimes(change, host) }, { previous });
  });
}

/** Versions rise by one: a hole in the journal stays one. The first of an incarnation continues the last one before it. */
function previousOf({ epoch, version }: JournaledChange, before: Position): Position {
  if (before.epoch === epoch) return { epoch, version: version - 1 };
  return { epoch: before.epoch, version: before.version };
}
