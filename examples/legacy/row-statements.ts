import { FIELD_RULES, PROVENANCE } from './field-rules.js';

const PROVENANCE_COLUMNS = [...PROVENANCE.values()].flatMap((prefix) => [`${prefix}_source`, `${prefix}_timestamp`]);

/** Everything the rules look at. */
export const SELECT_ROW = `SELECT ${[...FIELD_RULES.keys(), ...PROVENANCE_COLUMNS].join(', ')}
  FROM ts_matches WHERE external_id = $1`;

/**
 * The columns by name; values are bound from `$2`, as they are. No condition on what was read before: whoever writes
 * last wins.
 */
export function updateStatement(columns: readonly string[]): string {
  const assignments = columns.map((column, index) => `"${column.replaceAll('"', '""')}" = $${index + 2}`);
  return `UPDATE ts_matches SET ${[...assignments, 'updated_at = now()'].join(', ')} WHERE external_id = $1`;
}
