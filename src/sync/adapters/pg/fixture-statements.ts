import { createHash } from 'node:crypto';
import type { Statement } from '../../../postgres/database.js';
import type { StoredFixtureField } from '../../ports/fixture-store.js';

/** Live, as readers see it. */
const LIVE = 'ARRAY[2, 3, 4, 5, 7]';
/** A match that has not begun so long after its time is no news: postponed without a word. */
const OVERDUE_S = 4 * 3_600;

export const FIXTURE_COLUMNS: Statement = {
  name: 'livescore_fixture_columns',
  text: `
SELECT a.attname::text AS name, t.typname::text AS type, CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 END AS "maxLength"
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass('ts_matches') AND a.attnum > 0 AND NOT a.attisdropped`,
};

export const WITHOUT_ROW: Statement = {
  name: 'livescore_fixtures_without_row',
  text: `
SELECT i.id FROM unnest($1::text[]) AS i (id)
WHERE NOT EXISTS (SELECT FROM ts_matches m WHERE m.external_id = i.id::varchar)`,
};

export const IN_PLAY: Statement = {
  name: 'livescore_fixtures_in_play',
  text: `
SELECT i.id FROM unnest($1::text[]) AS i (id)
CROSS JOIN LATERAL (SELECT * FROM ts_matches f WHERE f.external_id = i.id::varchar) AS m
WHERE m.status_id::integer = ANY (${LIVE}) OR (COALESCE(m.status_id::integer, 1) = 1
  AND m.match_time::bigint < (extract(epoch FROM clock_timestamp()) + $2::float8)
  AND m.match_time::bigint > (extract(epoch FROM clock_timestamp()) - ${OVERDUE_S}))`,
};

/**
 * Saves fixtures in one commit. Rows that differ are locked first, without waiting: one that the score writer or anybody else
 * holds is left for another time. No column that the trigger for foreign writers watches is among those that are changed. An
 * `updated_at` of the platform stays: it tells of the score.
 */
export function saveFixtures(fields: readonly StoredFixtureField[]): Statement {
  const text = textOf(fields);
  return { name: `livescore_fixtures_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`, text };
}

function textOf(fields: readonly StoredFixtureField[]): string {
  const columns = fields.map(({ column }) => column);
  const given = fields.map(({ column, storedAs }) => `g.${column}::${storedAs}`);
  const differs = fields.map(
    ({ column, storedAs }) =>
      `(g.${column} IS NOT NULL AND (f.${column}${castOf(storedAs)} = g.${column}::${storedAs}) IS NOT TRUE)`,
  );
  const isOlder = 'COALESCE(f.external_updated_at::bigint > g.updated_at, false)';
  const isDifferent = [
    '(g.updated_at IS NOT NULL AND (f.external_updated_at::bigint = g.updated_at) IS NOT TRUE)',
    ...differs,
  ].join('\n        OR ');
  return `
WITH given AS MATERIALIZED (
  SELECT g.* FROM jsonb_to_recordset($1::jsonb) AS g (match_id text, updated_at bigint${columns.map((column) => `, ${column} text`).join('')})
), found AS MATERIALIZED (
  SELECT g.match_id, m.* FROM given g CROSS JOIN LATERAL (
    SELECT f.status_id::text AS status, f.home_scores::text AS home, f.away_scores::text AS away, ${isOlder} AS is_older,
      (${isDifferent}) AS differs
    FROM ts_matches f WHERE f.external_id = g.match_id::varchar) AS m
), held AS MATERIALIZED (
  SELECT g.match_id, m.row_id FROM given g CROSS JOIN LATERAL (
    SELECT f.ctid AS row_id FROM ts_matches f
    WHERE f.external_id = g.match_id::varchar AND NOT ${isOlder} AND (${isDifferent})
    FOR NO KEY UPDATE SKIP LOCKED) AS m
), changed AS (
  UPDATE ts_matches AS f SET external_updated_at = COALESCE(g.updated_at, f.external_updated_at)${fields
    .map(
      ({ column, storedAs }) => `,\n    ${column} = COALESCE(g.${column}::${storedAs}, f.${column}${castOf(storedAs)})`,
    )
    .join('')}
  FROM given g JOIN held h ON h.match_id = g.match_id
  WHERE f.ctid = ANY (ARRAY(SELECT row_id FROM held)) AND f.external_id = g.match_id::varchar
  RETURNING g.match_id
), added AS (
  INSERT INTO ts_matches (external_id, status_id, external_updated_at${columns.map((column) => `, ${column}`).join('')})
  SELECT g.match_id, 1, g.updated_at${given.map((value) => `, ${value}`).join('')}
  FROM given g WHERE NOT EXISTS (SELECT FROM found f WHERE f.match_id = g.match_id)
  ON CONFLICT (external_id) DO NOTHING
  RETURNING external_id AS match_id
), listed AS (
  UPDATE livescore_sync_deleted AS d SET listed_at = clock_timestamp() FROM given g
  WHERE d.entity = 'match' AND d.external_id = g.match_id::varchar AND d.listed_at IS NULL
    AND d.seen_at < to_timestamp($2::float8 / 1000)
)
SELECT g.match_id, f.status, f.home, f.away, CASE
    WHEN EXISTS (SELECT FROM added a WHERE a.match_id::text = g.match_id) THEN 'added'
    WHEN EXISTS (SELECT FROM changed c WHERE c.match_id = g.match_id) THEN 'changed'
    WHEN f.is_older THEN 'older' WHEN f.differs IS FALSE THEN 'same' ELSE 'busy' END AS fate
FROM given g LEFT JOIN found f ON f.match_id = g.match_id`;
}

/** A text column is compared as it is: its collation is the column's own. */
function castOf(storedAs: StoredFixtureField['storedAs']): string {
  return storedAs === 'text' ? '::text' : `::${storedAs}`;
}
