import type { Statement } from '../../../postgres/database.js';

/** Which documents count is said by `asked`. A score write in between does not disturb it, a foreign details write does. */
const FINGERPRINT = `hashtextextended(concat(
    CASE WHEN asked.with_statistics THEN m.statistics::text END, '~',
    CASE WHEN asked.with_incidents THEN m.incidents::text END, '~',
    CASE WHEN asked.with_commentary THEN m.tlive::text END), 0)`;

/** Found one by one: a join could read the whole table. */
export const LOAD_DETAILS: Statement = {
  name: 'livescore_load_details',
  text: `
SELECT asked.match_id, CASE WHEN asked.with_statistics THEN m.statistics END AS statistics,
  CASE WHEN asked.with_incidents THEN m.incidents END AS incidents,
  CASE WHEN asked.with_commentary THEN m.tlive END AS commentary,
  CASE WHEN asked.with_incidents THEN jsonb_build_array(m.home_scores, m.away_scores) END AS score,
  ${FINGERPRINT} AS fingerprint
FROM ROWS FROM (unnest($1::text[]), unnest($2::boolean[]), unnest($3::boolean[]), unnest($4::boolean[]))
  AS asked (match_id, with_statistics, with_incidents, with_commentary)
CROSS JOIN LATERAL (SELECT * FROM ts_matches WHERE external_id = asked.match_id::varchar) AS m`,
};

/** SKIP LOCKED: a row that the score writer or a foreign transaction holds is never waited for. */
export const SAVE_DETAILS: Statement = {
  name: 'livescore_save_details',
  text: `
WITH target AS (
  SELECT asked.*, held.row_id
  FROM jsonb_to_recordset($1::jsonb) AS asked (match_id text, with_statistics boolean, with_incidents boolean,
    with_commentary boolean, fingerprint bigint, statistics jsonb, incidents jsonb, commentary jsonb, announce jsonb, news jsonb,
    withdrawn jsonb)
  CROSS JOIN LATERAL (
    SELECT m.ctid AS row_id FROM ts_matches AS m
    WHERE m.external_id = asked.match_id::varchar AND ${FINGERPRINT} = asked.fingerprint
      AND ($2::bigint IS NULL
        OR $2::bigint >= COALESCE((SELECT l.fence FROM livescore_lease l WHERE l.name = 'ingest'), 0))
    FOR NO KEY UPDATE SKIP LOCKED
  ) AS held
), written AS (
  UPDATE ts_matches AS m SET
    statistics = COALESCE(target.statistics, m.statistics),
    incidents = COALESCE(target.incidents, m.incidents),
    tlive = COALESCE(target.commentary, m.tlive)
  FROM target WHERE m.ctid = ANY (ARRAY(SELECT row_id FROM target)) AND m.external_id = target.match_id::varchar
  RETURNING target.match_id, target.announce, target.news, target.withdrawn
), withdrawn AS (
  INSERT INTO livescore_withdrawn_incident (match_id, incident)
  SELECT written.match_id, incident FROM written CROSS JOIN LATERAL jsonb_array_elements(written.withdrawn) AS incident
), announced AS (
  INSERT INTO livescore_announced (match_id, incident_key, news)
  SELECT written.match_id, told.key, told.news FROM written
  CROSS JOIN LATERAL ROWS FROM (jsonb_array_elements_text(written.announce), jsonb_array_elements(written.news))
    AS told (key, news)
  ON CONFLICT DO NOTHING
  RETURNING match_id, incident_key
)
SELECT written.match_id, ARRAY(SELECT incident_key FROM announced WHERE announced.match_id::text = written.match_id) AS announced
FROM written`,
};
