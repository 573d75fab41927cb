import type { RolloutStore } from '../../rollout/ports/rollout-store.js';
import type { JournaledWrite, RevertStore } from '../../score-writer/ports/revert-store.js';
import { type ChangesToUndo, changesToUndo } from '../../score-writer/revert/changes-to-undo.js';
import { CanaryCohort } from './canary-cohort.js';
import type { RevertScope } from './revert-arguments.js';

const WHOLE_HISTORY = 1_000_000;

/** What the direct path wrote of the matches meant, one entry per match that it wrote at all. */
export async function findChanges(
  scope: RevertScope,
  store: RevertStore,
  rollout: RolloutStore,
): Promise<readonly ChangesToUndo[]> {
  const cohort = scope.cohort ? new CanaryCohort(await rollout.history(WHOLE_HISTORY)) : null;
  if (cohort && cohort.startMs === null) return [];
  const fromMs = Math.max(scope.sinceMs ?? Number.NEGATIVE_INFINITY, cohort?.startMs ?? Number.NEGATIVE_INFINITY);
  const writes = await store.writes(scope.matchId ?? null, Number.isFinite(fromMs) ? fromMs : null);
  const isMeant = ({ matchId, competitionId, committedAtMs }: JournaledWrite): boolean =>
    committedAtMs >= fromMs &&
    committedAtMs <= (scope.untilMs ?? Number.POSITIVE_INFINITY) &&
    (cohort?.contains(matchId, competitionId, committedAtMs) ?? true);
  const changes = [...byMatch(writes)].map(([matchId, entries]) => changesToUndo(matchId, entries, isMeant));
  return scope.matchId === undefined
    ? changes.filter((change) => 'first' in change || change.reason !== 'nothing-to-do')
    : changes;
}

function byMatch(writes: readonly JournaledWrite[]): ReadonlyMap<string, readonly JournaledWrite[]> {
  const matches = new Map<string, JournaledWrite[]>();
  for (const write of writes) {
    const known = matches.get(write.matchId);
    if (known) known.push(write);
    else matches.set(write.matchId, [write]);
  }
  return matches;
}
