import type { Side } from '../domain/match-event.js';
import { displayScore, type Slots } from '../domain/score.js';

export const SIDES: readonly Side[] = ['home', 'away'];

/**
 * One column of `ts_matches` that holds score, status or kick-offs, and the other places of its value. Writer, revert,
 * drift check, replay, shadow and legacy bridge take their columns from here.
 */
export interface ScoreColumn {
  readonly name: string;
  /** of the reference schema; a host may have `bigint`, `numeric` or `text` instead: see {@link readInteger} */
  readonly type: 'integer' | 'bigint' | 'jsonb' | 'text';
  /** key in `before` and `after` of a journal row; `slots` stand under the name of the side; null: not in the journal */
  readonly journal: 'status' | 'slots' | 'shown' | 'kickoffs' | 'times' | null;
  /** a foreign change of a `watched` column is journaled or held off; a `kept` one stays with a watched one held off */
  readonly trigger: 'watched' | 'kept';
  readonly meaning: string;
}

/** A count of one side in a column of its own, named without the side. */
export interface CountColumn extends ScoreColumn {
  /** where the count stands in the seven slots; `display`: worked out of them */
  readonly slot: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 'display';
}

export const STATUS_COLUMNS = [
  { name: 'status_id', type: 'integer', journal: 'status', trigger: 'watched', meaning: 'status, the provider code' },
  { name: 'status_id_source', type: 'text', journal: null, trigger: 'kept', meaning: 'who set the status' },
  { name: 'status_id_timestamp', type: 'bigint', journal: null, trigger: 'kept', meaning: 'when, unix seconds' },
] as const satisfies readonly ScoreColumn[];

export const COUNT_COLUMNS: readonly CountColumn[] = [
  count('score_display', 'display', 'watched', 'display score: what readers show'),
  count('score_regular', 0, 'watched', 'goals in regular time'),
  count('score_overtime', 5, 'watched', 'goals after extra time'),
  count('score_penalties', 6, 'watched', 'shoot-out goals'),
  count('red_cards', 2, 'kept', 'red cards'),
  count('yellow_cards', 3, 'kept', 'yellow cards'),
  count('corners', 4, 'kept', 'corners'),
];

/** Those that hold one slot. */
export const SLOT_COLUMNS = COUNT_COLUMNS.flatMap(({ name, slot }) => (slot === 'display' ? [] : [{ name, slot }]));

/** Columns of one side, named without it. */
export const SIDE_COLUMNS: readonly ScoreColumn[] = [
  { name: 'scores', type: 'jsonb', journal: 'slots', trigger: 'watched', meaning: 'the seven slots' },
  ...COUNT_COLUMNS,
  { name: 'score_source', type: 'text', journal: null, trigger: 'kept', meaning: 'who set the score' },
  { name: 'score_timestamp', type: 'bigint', journal: null, trigger: 'kept', meaning: 'when, unix seconds' },
];

/** In the order of the journal. `field` and `source` name the kick-off in a match state. */
export const KICKOFF_COLUMNS = [
  { ...kickoff('first_half_kickoff_ts', 'first half'), field: 'firstHalfS', source: 'firstHalf' },
  { ...kickoff('second_half_kickoff_ts', 'second half'), field: 'secondHalfS', source: 'secondHalf' },
  { ...kickoff('overtime_kickoff_ts', 'extra time'), field: 'overtimeS', source: 'overtime' },
] as const;

export const PROVIDER_TIME_COLUMN: ScoreColumn = {
  name: 'provider_update_time',
  type: 'bigint',
  journal: 'times',
  trigger: 'kept',
  meaning: 'newest provider time written, unix seconds',
};

/** Every score column under its full name. */
export const SCORE_COLUMNS: readonly ScoreColumn[] = [
  ...STATUS_COLUMNS,
  ...ofBothSides(SIDE_COLUMNS),
  ...KICKOFF_COLUMNS,
  PROVIDER_TIME_COLUMN,
];

/** The columns of the home side, then those of the away side, under their full names. */
export function ofBothSides<Column extends ScoreColumn>(columns: readonly Column[]): readonly Column[] {
  return SIDES.flatMap((side) => columns.map((column) => ({ ...column, name: `${side}_${column.name}` })));
}

/** What the column holds of a side with these slots. */
export function countIn(slots: Slots, { slot }: CountColumn): number {
  return slot === 'display' ? displayScore(slots) : slots[slot];
}

/** The slots as PostgreSQL prints `home_scores`: a column with another text was written by somebody else. */
export function slotsText(slots: Slots): string {
  return `[${slots.join(', ')}]`;
}

/** The kick-offs of a row as the journal keeps them, as an SQL expression; the casts are for columns of other types. */
export function kickoffsSql(row: string): string {
  return `jsonb_build_array(${KICKOFF_COLUMNS.map(({ name }) => `${row}.${name}::bigint`).join(', ')})`;
}

/** Both display scores of a row, the same way. */
export function shownSql(row: string): string {
  return `jsonb_build_array(${SIDES.map((side) => `${row}.${side}_score_display::integer`).join(', ')})`;
}

function count(name: string, slot: CountColumn['slot'], trigger: 'watched' | 'kept', meaning: string): CountColumn {
  return { name, type: 'integer', slot, journal: slot === 'display' ? 'shown' : 'slots', trigger, meaning };
}

function kickoff(name: string, period: string) {
  const meaning = `kick-off of the ${period}, unix seconds`;
  return { name, type: 'bigint', journal: 'kickoffs', trigger: 'watched', meaning } as const;
}
