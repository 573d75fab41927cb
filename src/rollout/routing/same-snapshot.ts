import type { RolloutChange, RolloutSnapshot } from '../ports/rollout-store.js';

/** Do both lead to the same routes? */
export function sameSnapshot(a: RolloutSnapshot, b: RolloutSnapshot): boolean {
  return (
    sameChange(a.change, b.change) &&
    samePins(a.pins, b.pins) &&
    sameIds(a.allowedByCompetition, b.allowedByCompetition) &&
    sameIds(a.deniedByCompetition, b.deniedByCompetition)
  );
}

/** Their content counts, not the id alone: somebody may have changed the row by hand, or emptied the table. */
export function sameChange(a: RolloutChange | null, b: RolloutChange | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function samePins(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [matchId, route] of a) if (b.get(matchId) !== route) return false;
  return true;
}

function sameIds(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const id of a) if (!b.has(id)) return false;
  return true;
}
