import { SCORE_COLUMNS } from '../../../platform/score-columns.js';
import type { Statement } from '../../../postgres/database.js';
import { MAX_SAMPLES } from '../../ports/shadow-store.js';

/** What readers of the legacy path see. */
const SHOWN = SCORE_COLUMNS.filter(({ name }) => /^status_id$|_(scores|score_display|score_regular)$/.test(name));

/** One row for the time, even when no match exists. */
export const ROWS: Statement = {
  name: 'livescore_shadow_rows',
  text: `
SELECT (extract(epoch FROM statement_timestamp()) * 1000)::float8 AS at_ms, m.external_id,
  ${SHOWN.map(({ name }) => `m.${name}`).join(', ')}
FROM (SELECT 1) AS always LEFT JOIN ts_matches m ON m.external_id = ANY ($1::text[])`,
};

export const OPEN_GOALS: Statement = {
  name: 'livescore_shadow_open_goals',
  text: `
SELECT match_id AS "matchId", home, away, (extract(epoch FROM statement_timestamp() - direct_at) * 1000)::float8 AS "ageMs"
FROM livescore_shadow_goal
WHERE match_id = ANY ($1::text[]) AND legacy_at IS NULL AND direct_at IS NOT NULL`,
};

const time = (column: string) => `to_timestamp(${column} / 1000.0)`;

/** A goal is either told or cancelled, never both in one statement. */
export const RECORD: Statement = {
  name: 'livescore_shadow_record',
  text: `
WITH tallied AS (
  INSERT INTO livescore_shadow AS s (match_id, consistent, inconsistent, errors, samples)
  SELECT "matchId", consistent, inconsistent, errors, samples
  FROM jsonb_to_recordset($1::jsonb)
    AS t ("matchId" text, consistent bigint, inconsistent bigint, errors bigint, samples jsonb)
  ORDER BY "matchId"
  ON CONFLICT (match_id) DO UPDATE SET
    consistent = s.consistent + EXCLUDED.consistent,
    inconsistent = s.inconsistent + EXCLUDED.inconsistent,
    errors = s.errors + EXCLUDED.errors,
    samples = jsonb_path_query_array(s.samples || EXCLUDED.samples, '$[0 to ${MAX_SAMPLES - 1}]'),
    compared_at = clock_timestamp()
), cancelled AS (
  DELETE FROM livescore_shadow_goal AS g
  USING jsonb_to_recordset($3::jsonb) AS c ("matchId" text, home int, away int)
  WHERE g.match_id = c."matchId" AND g.home = c.home AND g.away = c.away AND g.legacy_at IS NULL
)
INSERT INTO livescore_shadow_goal AS g (match_id, home, away, direct_at, legacy_at)
SELECT "matchId", home, away, ${time('"directAtMs"')}, ${time('"legacyAtMs"')}
FROM jsonb_to_recordset($2::jsonb)
  AS t ("matchId" text, home int, away int, "directAtMs" float8, "legacyAtMs" float8)
ORDER BY "matchId", home, away
ON CONFLICT (match_id, home, away) DO UPDATE SET
  direct_at = LEAST(g.direct_at, EXCLUDED.direct_at), legacy_at = LEAST(g.legacy_at, EXCLUDED.legacy_at)`,
};
