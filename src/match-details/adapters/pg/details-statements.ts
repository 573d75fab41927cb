import type { Statement } from '../../../postgres/database.js';

/** $2–$4 say which documents count. A score write in between does not disturb it, a foreign details write does. */
const FINGERPRINT = `hashtextextended(concat(
    CASE WHEN $2::boolean THEN statistics::text END, '~',
    CASE WHEN $3::boolean THEN incidents::text END, '~',
    CASE WHEN $4::boolean THEN tlive::text END), 0)`;

export const LOAD_DETAILS: Statement = {
  name: 'livescore_load_details',
  text: `
SELECT CASE WHEN $2::boolean THEN statistics END AS statistics,
  CASE WHEN $3::boolean THEN incidents END AS incidents,
  CASE WHEN $4::boolean THEN tlive END AS commentary,
  CASE WHEN $3::boolean THEN jsonb_build_array(home_scores, away_scores) END AS score,
  ${FINGERPRINT} AS fingerprint
FROM ts_matches WHERE external_id = $1::varchar`,
};

/** SKIP LOCKED: a row that the score writer or a foreign transaction holds is never waited for. */
export const SAVE_DETAILS: Statement = {
  name: 'livescore_save_details',
  text: `
WITH target AS (
  SELECT id FROM ts_matches
  WHERE external_id = $1::varchar AND ${FINGERPRINT} = $5::bigint
    AND ($10::bigint IS NULL
      OR $10::bigint >= COALESCE((SELECT l.fence FROM livescore_lease l WHERE l.name = 'ingest'), 0))
  FOR NO KEY UPDATE SKIP LOCKED
), written AS (
  UPDATE ts_matches AS m SET
    statistics = COALESCE($6::jsonb, m.statistics),
    incidents = COALESCE($7::jsonb, m.incidents),
    tlive = COALESCE($8::jsonb, m.tlive)
  FROM target WHERE m.id = target.id
  RETURNING m.id
), withdrawn AS (
  INSERT INTO livescore_withdrawn_incident (match_id, incident)
  SELECT $1::varchar, incident FROM jsonb_array_elements($11::jsonb) AS incident WHERE EXISTS (SELECT FROM written)
), announced AS (
  INSERT INTO livescore_announced (match_id, incident_key)
  SELECT $1::varchar, key FROM unnest($9::text[]) AS key WHERE EXISTS (SELECT FROM written)
  ON CONFLICT DO NOTHING
  RETURNING incident_key
)
SELECT EXISTS (SELECT FROM written) AS written, ARRAY(SELECT incident_key FROM announced) AS announced`,
};
