import type { MatchState } from '../domain/match-state.js';
import { sameSlots } from '../domain/score.js';
import { KICKOFF_COLUMNS, PROVIDER_TIME_COLUMN, SIDES, SLOT_COLUMNS } from '../platform/score-columns.js';

/** The columns of `ts_matches` that differ between two states of a match, without those of provenance. */
export function changedColumns(before: MatchState, after: MatchState): string[] {
  const columns: string[] = [];
  for (const side of SIDES) {
    if (before.shown[side] !== after.shown[side]) columns.push(`${side}_score_display`);
    if (sameSlots(before[side], after[side])) continue;
    columns.push(`${side}_scores`);
    for (const { name, slot } of SLOT_COLUMNS) {
      if (before[side][slot] !== after[side][slot]) columns.push(`${side}_${name}`);
    }
  }
  if (before.status !== after.status) columns.push('status_id');
  if (before.minute !== after.minute) columns.push('minute');
  for (const { name, field } of KICKOFF_COLUMNS) {
    if (before.kickoffs[field] !== after.kickoffs[field]) columns.push(name);
  }
  if (before.providerTimeS !== after.providerTimeS) columns.push(PROVIDER_TIME_COLUMN.name);
  return columns;
}
