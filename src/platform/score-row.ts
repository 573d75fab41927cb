import type { Side } from '../domain/match-event.js';
import type { Kickoffs } from '../domain/match-state.js';
import { displayScore, NO_SCORE, type Slots } from '../domain/score.js';
import { type PlatformRow, readCount, readInteger, toSlots } from './read-value.js';
import { COUNT_COLUMNS, countIn, KICKOFF_COLUMNS, SCORE_COLUMNS, slotsText } from './score-columns.js';

/** The score columns of a row, for a SELECT; the slots as text, so that what is no array is seen as it is. */
export const SCORE_COLUMNS_SQL = SCORE_COLUMNS.map(({ name, journal }) =>
  journal === 'slots' && name.endsWith('_scores') ? `m.${name}::text AS ${name}` : `m.${name}`,
).join(', ');

/** What the columns of one side say. */
export interface SideOfRow {
  readonly slots: Slots;
  /** display score as readers see it */
  readonly shown: number;
  /** the columns disagree with each other */
  readonly torn: boolean;
}

/** The array is the truth where it is one; the columns must agree with it, else readers see two scores. @throws UnreadableValueError */
export function sideOf(row: PlatformRow, side: Side): SideOfRow {
  const counts = COUNT_COLUMNS.map((column) => ({ column, count: readCount(row, `${side}_${column.name}`) }));
  const display = readCount(row, `${side}_score_display`);
  const regular = readCount(row, `${side}_score_regular`);
  const text = row[`${side}_scores`];
  const slots = toSlots(text);
  // columns without a value say nothing: they are no 0-0 that anybody meant
  const shown = display ?? regular ?? (slots ? displayScore(slots) : 0);
  if (slots) {
    const agrees = text === slotsText(slots) && counts.every(({ column, count }) => count === countIn(slots, column));
    return { slots, shown, torn: !agrees };
  }
  const known: number[] = [...NO_SCORE];
  for (const { column, count } of counts) if (column.slot !== 'display') known[column.slot] = count ?? 0;
  known[0] = regular ?? Math.max(0, (display ?? 0) - (known[6] ?? 0));
  return { slots: known as unknown as Slots, shown, torn: true };
}

/** @throws UnreadableValueError */
export function kickoffsOf(row: PlatformRow): Kickoffs {
  const [firstHalfS = null, secondHalfS = null, overtimeS = null] = KICKOFF_COLUMNS.map(({ name }) =>
    readInteger(row, name),
  );
  return { firstHalfS, secondHalfS, overtimeS };
}
