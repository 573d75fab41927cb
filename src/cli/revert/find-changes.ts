import type { Client } from 'pg';
import type { RolloutStore } from '../../rollout/ports/rollout-store.js';
import { CanaryCohort } from './canary-cohort.js';
import { type ChangesToUndo, changesToUndo, type JournalEntry } from './changes-to-undo.js';
import type { RevertScope } from './revert-arguments.js';
import { ENTRIES } from './revert-statements.js';

const WHOLE_HISTORY = 1_000_000;

/** What the direct path wrote of the matches meant, one entry per match that it wrote at all. */
export async function findChanges(
  scope: RevertScope,
  client: Client,
  store: RolloutStore,
): Promise<readonly ChangesToUndo[]> {
  const cohort = scope.cohort ? new CanaryCohort(await store.history(WHOLE_HISTORY)) : null;
  if (cohort && cohort.startMs === null) return [];
  const fromMs = Math.max(scope.sinceMs ?? Number.NEGATIVE_INFINITY, cohort?.startMs ?? Number.NEGATIVE_INFINITY);
  const { rows } = await client.query<JournalEntry>(ENTRIES, [
    scope.matchId ?? null,
    Number.isFinite(fromMs) ? fromMs : null,
  ]);
  const isMeant = ({ matchId, competitionId, committedAtMs }: JournalEntry): boolean =>
    committedAtMs >= fromMs &&
    committedAtMs <= (scope.untilMs ?? Number.POSITIVE_INFINITY) &&
    (cohort?.contains(matchId, competitionId, committedAtMs) ?? true);
  const changes = [...byMatch(rows)].map(([matchId, entries]) => changesToUndo(matchId, entries, isMeant));
  return scope.matchId === undefined
    ? changes.filter((change) => 'first' in change || change.reason !== 'nothing-to-do')
    : changes;
}

function byMatch(entries: readonly JournalEntry[]): ReadonlyMap<string, readonly JournalEntry[]> {
  const matches = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const known = matches.get(entry.matchId);
    if (known) known.push(entry);
    else matches.set(entry.matchId, [entry]);
  }
  return matches;
}
