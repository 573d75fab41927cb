import type { MatchState } from '../domain/match-state.js';
import { sameSlots } from '../domain/score.js';

/** Slots that have a column of their own. */
export const SLOT_COLUMNS = [
  ['score_regular', 0],
  ['score_overtime', 5],
  ['score_penalties', 6],
  ['red_cards', 2],
  ['yellow_cards', 3],
  ['corners', 4],
] as const;

/** The columns of `ts_matches` that differ between two states of a match, without those of provenance. */
export function changedColumns(before: MatchState, after: MatchState): string[] {
  const columns: string[] = [];
  for (const side of ['home', 'away'] as const) {
    if (before.shown[side] !== after.shown[side]) columns.push(`${side}_score_display`);
    if (sameSlots(before[side], after[side])) continue;
    columns.push(`${side}_scores`);
    for (const [column, slot] of SLOT_COLUMNS) {
      if (before[side][slot] !== after[side][slot]) columns.push(`${side}_${column}`);
    }
  }
  const { firstHalfS, secondHalfS, overtimeS } = before.kickoffs;
  if (before.status !== after.status) columns.push('status_id');
  if (before.minute !== after.minute) columns.push('minute');
  if (firstHalfS !== after.kickoffs.firstHalfS) columns.push('first_half_kickoff_ts');
  if (secondHalfS !== after.kickoffs.secondHalfS) columns.push('second_half_kickoff_ts');
  if (overtimeS !== after.kickoffs.overtimeS) columns.push('overtime_kickoff_ts');
  if (before.providerTimeS !== after.providerTimeS) columns.push('provider_update_time');
  return columns;
}
