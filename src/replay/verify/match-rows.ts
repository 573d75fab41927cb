import type { Client } from 'pg';
import { type PlatformRow, readInteger, toSlots, UnreadableValueError } from '../../platform/read-value.js';
import { SCORE_COLUMNS, type ScoreColumn, slotsText } from '../../platform/score-columns.js';

/** One row as read back: counts and times as numbers, slots as a list; what is neither as a text that says so. */
export type MatchRow = PlatformRow;

const SELECT_ROWS = `
SELECT external_id, ${SCORE_COLUMNS.map(({ name, type }) => (type === 'jsonb' ? `${name}::text AS ${name}` : name)).join(', ')}
FROM ts_matches WHERE external_id = ANY($1::text[])`;

/** The rows of these matches by id, with every score column. */
export async function readMatchRows(client: Client, matchIds: readonly string[]): Promise<Map<string, MatchRow>> {
  const { rows } = await client.query<PlatformRow & { external_id: string }>(SELECT_ROWS, [matchIds]);
  return new Map(rows.map((row) => [row.external_id, toMatchRow(row)]));
}

function toMatchRow(row: PlatformRow): MatchRow {
  return Object.fromEntries(SCORE_COLUMNS.map((column) => [column.name, cellOf(row, column)]));
}

function cellOf(row: PlatformRow, { name, type }: ScoreColumn): unknown {
  if (type === 'text') return row[name];
  if (type === 'jsonb') return listOf(row[name]);
  try {
    return readInteger(row, name);
  } catch (error) {
    if (error instanceof UnreadableValueError) return error.kind;
    throw error;
  }
}

/** A list that PostgreSQL prints in another way is a text in place of a list, or has texts in it. */
function listOf(text: unknown): unknown {
  const slots = toSlots(text);
  return slots && text === slotsText(slots) ? slots : text;
}
