import type { Client } from 'pg';

/** One row as read back: numbers as numbers, documents as `{ type, value }` so that a text is not taken for a list. */
export type MatchRow = Readonly<Record<string, unknown>>;

const NUMBERS = [
  'status_id',
  'status_id_timestamp',
  'first_half_kickoff_ts',
  'second_half_kickoff_ts',
  'overtime_kickoff_ts',
  ...bothTeams('score_display', 'score_regular', 'score_overtime', 'score_penalties'),
  ...bothTeams('red_cards', 'yellow_cards', 'corners', 'score_timestamp'),
];
const TEXTS = ['status_id_source', ...bothTeams('score_source')];
const DOCUMENTS = bothTeams('scores');

const SELECT_ROWS = `
SELECT external_id, ${[...NUMBERS, ...TEXTS].join(', ')},
       ${DOCUMENTS.map((name) => `${name}, jsonb_typeof(${name}) AS ${name}_type`).join(', ')}
FROM ts_matches WHERE external_id = ANY($1::text[])`;

/** The rows of these matches by id, with every column that {@link expectedRow} names. */
export async function readMatchRows(client: Client, matchIds: readonly string[]): Promise<Map<string, MatchRow>> {
  const { rows } = await client.query<Record<string, unknown> & { external_id: string }>(SELECT_ROWS, [matchIds]);
  return new Map(rows.map((row) => [row.external_id, toMatchRow(row)]));
}

function toMatchRow(row: Readonly<Record<string, unknown>>): MatchRow {
  const numbers = NUMBERS.map((name) => [name, toNumber(row[name])]);
  const texts = TEXTS.map((name) => [name, row[name]]);
  const documents = DOCUMENTS.map((name) => [name, toList(row[name], row[`${name}_type`])]);
  return Object.fromEntries([...numbers, ...texts, ...documents]);
}

/** bigint columns arrive as text. */
function toNumber(value: unknown): unknown {
  return typeof value === 'string' ? Number(value) : value;
}

function toList(value: unknown, type: unknown): unknown {
  return type === 'array' || value === null ? value : `${String(type)} ${JSON.stringify(value)}`;
}

function bothTeams(...columns: readonly string[]): string[] {
  return columns.flatMap((column) => [`home_${column}`, `away_${column}`]);
}
