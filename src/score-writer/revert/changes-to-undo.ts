import type { ChangeRange, JournaledWrite } from '../ports/revert-store.js';

/** The changes to take back: ours, meant, and nothing came after them; or why there are none. */
export type ChangesToUndo =
  | ChangeRange
  | { readonly matchId: string; readonly reason: 'newer-write' | 'nothing-to-do' };

/**
 * The newest run of own changes of one match. What others wrote between ours is never taken back: the run starts after it.
 * @param entries of one match, by epoch and version
 * @param isMeant whether the change is in the range asked for
 */
export function changesToUndo(
  matchId: string,
  entries: readonly JournaledWrite[],
  isMeant: (entry: JournaledWrite) => boolean,
): ChangesToUndo {
  const last = entries.at(-1);
  if (!last || last.source === 'revert' || !entries.some((entry) => isOwn(entry) && isMeant(entry))) {
    return { matchId, reason: 'nothing-to-do' };
  }
  let first: JournaledWrite | null = null;
  for (const entry of entries.toReversed()) {
    if (!isOwn(entry) || !isMeant(entry) || entry.epoch !== last.epoch) break;
    first = entry;
  }
  if (!first) return { matchId, reason: 'newer-write' };
  return { matchId, epoch: last.epoch, first: first.version, last: last.version };
}

function isOwn({ source }: JournaledWrite): boolean {
  return source !== 'foreign' && source !== 'revert';
}
