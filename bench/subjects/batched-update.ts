import { type FeedItem, ROW_COLUMNS, rowValues } from './row.js';

const TYPES: Readonly<Partial<Record<(typeof ROW_COLUMNS)[number], string>>> = {
  home_scores: 'jsonb',
  away_scores: 'jsonb',
  home_score_source: 'text',
  away_score_source: 'text',
  last_update_source: 'text',
  home_score_timestamp: 'bigint',
  away_score_timestamp: 'bigint',
  last_event_ts: 'bigint',
};
const typeOf = (column: (typeof ROW_COLUMNS)[number]): string => TYPES[column] ?? 'int';

/** Both raise `score_version` like a writer that knows the schema: the trigger for foreign writers lets them pass at once. */
export const UPDATE_ONE = {
  name: 'update',
  text: `UPDATE ts_matches SET ${ROW_COLUMNS.map((column, i) => `${column} = $${i + 2}`).join(', ')},
           score_version = score_version + 1, updated_at = now()
         WHERE external_id = $1`,
};

/** JSON travels as text: an array of jsonb would have to be quoted twice. */
export const UPDATE_MANY = {
  name: 'update_many',
  text: `UPDATE ts_matches t SET ${ROW_COLUMNS.map((column) => `${column} = v.${column}`).join(', ')},
           score_version = t.score_version + 1, updated_at = now()
         FROM unnest($1::text[], ${ROW_COLUMNS.map(arrayParameter).join(', ')}) AS u (id, ${ROW_COLUMNS.join(', ')})
         CROSS JOIN LATERAL (SELECT ${ROW_COLUMNS.map(typedColumn).join(', ')}) v
         WHERE t.external_id = u.id`,
};

/** The prepared statement for these items, one of each match. */
export function bindUpdate(items: readonly FeedItem[]): { name: string; text: string; values: unknown[] } {
  const [only] = items;
  if (only && items.length === 1) return { ...UPDATE_ONE, values: [only.id, ...rowValues(only)] };
  const rows = items.map(rowValues);
  const columns = ROW_COLUMNS.map((_, column) => rows.map((row) => row[column]));
  return { ...UPDATE_MANY, values: [items.map(({ id }) => id), ...columns] };
}

function arrayParameter(column: (typeof ROW_COLUMNS)[number], i: number): string {
  const type = typeOf(column);
  return `$${i + 2}::${type === 'jsonb' ? 'text' : type}[]`;
}

function typedColumn(column: (typeof ROW_COLUMNS)[number]): string {
  return typeOf(column) === 'jsonb' ? `u.${column}::jsonb AS ${column}` : `u.${column}`;
}
