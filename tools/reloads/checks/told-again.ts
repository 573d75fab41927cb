import type { Finding } from '../../faults/checks/finding.js';
import { byMatch, nthOf } from '../../faults/checks/journal.js';
import type { JournalEntry } from '../../faults/parts/match-database.js';

/** Every frame of the load is another one: a state that is committed again under a later version was told again. */
export function toldAgain(entries: readonly JournalEntry[]): readonly Finding[] {
  return [...byMatch(entries)].flatMap(([matchId, journal]) => {
    const versions = new Map<string, JournalEntry>();
    return journal.flatMap((entry): Finding[] => {
      const state = JSON.stringify([entry.after.status, entry.after.home, entry.after.away, entry.after.kickoffs]);
      const before = versions.get(state);
      versions.set(state, entry);
      if (!before) return [];
      const text = `${matchId}: frame ${nthOf(entry.after)} is version ${before.version}, and ${entry.version} again`;
      return [{ kind: 'duplicated', text }];
    });
  });
}
