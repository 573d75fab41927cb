import type { Statement } from '../../../postgres/database.js';

/** Written by this statement alone: nothing that readers take for a sign of life. */
export const TICK: Statement = {
  name: 'livescore_minute_tick',
  text: `
WITH live AS MATERIALIZED (
  SELECT m.ctid AS row_id, m.external_id, m.score_version, m.status_id, m.first_half_kickoff_ts,
    m.second_half_kickoff_ts, m.overtime_kickoff_ts, m.live_kickoff_time, m.match_time, m.minute,
    concat_ws('|', m.status_id, COALESCE(m.first_half_kickoff_ts::text, ''),
      COALESCE(m.second_half_kickoff_ts::text, ''), COALESCE(m.overtime_kickoff_ts::text, ''),
      COALESCE(m.live_kickoff_time, m.match_time)::text) AS basis
  FROM ts_matches m
  WHERE m.status_id = ANY (ARRAY[2, 3, 4, 5]) AND m.external_id IS NOT NULL
    AND ($4::text[] IS NULL OR m.external_id = ANY ($4::text[]))
), due AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS i (id text, basis text, minute integer)
  WHERE (SELECT set_config('livescore.writer', 'minute', true)) IS NOT NULL
), held AS (
  SELECT m.ctid AS row_id, l.external_id AS id, i.minute
  FROM due i
  JOIN live l ON l.external_id = i.id AND l.basis = i.basis AND (l.minute::text = i.minute::text) IS NOT TRUE
  JOIN ts_matches m ON m.ctid = l.row_id
  WHERE $2::bigint IS NULL
    OR $2::bigint >= COALESCE((SELECT s.fence FROM livescore_lease s WHERE s.name = 'ingest'), 0)
  ORDER BY l.external_id
  FOR NO KEY UPDATE OF m SKIP LOCKED
), written AS (
  UPDATE ts_matches m SET minute = h.minute, minute_source = 'computed', minute_timestamp = $3::bigint,
    last_minute_update_ts = $3::bigint
  FROM held h WHERE m.ctid = h.row_id
  RETURNING h.id, h.minute
)
SELECT COALESCE(l.external_id, i.id) AS external_id, l.score_version, l.status_id, l.first_half_kickoff_ts, l.second_half_kickoff_ts,
  l.overtime_kickoff_ts, l.live_kickoff_time, l.match_time, l.minute AS before, w.minute AS written
FROM live l FULL JOIN due i ON i.id = l.external_id LEFT JOIN written w ON w.id = l.external_id
WHERE (l.basis = i.basis) IS NOT TRUE OR (l.minute::text = i.minute::text) IS NOT TRUE`,
};

/** For the trigger of the minute, which reads it. */
export const HOLD: Statement = {
  name: 'livescore_minute_hold',
  text: `
INSERT INTO livescore_setting AS s (name, value)
SELECT 'minute_hold', jsonb_build_object('until', extract(epoch FROM clock_timestamp()) + ($2::float8 / 1000),
  'ids', $1::jsonb)::text
WHERE $3::bigint IS NULL
  OR $3::bigint >= COALESCE((SELECT l.fence FROM livescore_lease l WHERE l.name = 'ingest'), 0)
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_at = now()`,
};

export const ACQUAINT: Statement = {
  name: 'livescore_minute_acquaint',
  text: `
SELECT m.external_id,
  COALESCE((SELECT j.epoch FROM livescore_journal j WHERE j.match_id = m.external_id
    ORDER BY j.epoch DESC LIMIT 1), 0) AS epoch,
  COALESCE((SELECT jsonb_agg(i.value ORDER BY i.n) FROM jsonb_array_elements(
      CASE WHEN jsonb_typeof(m.incidents) = 'array' THEN m.incidents ELSE '[]' END) WITH ORDINALITY AS i (value, n)
    WHERE (i.value -> 'type') = '19'), '[]') AS announcements
FROM ts_matches m WHERE m.external_id = ANY ($1::text[])`,
};

/** Touches no table of the platform. */
export const SETTING: Statement = {
  name: 'livescore_minute_setting',
  text: `
SELECT (SELECT s.value FROM livescore_setting s WHERE s.name = 'minute_mode') AS mode,
  (SELECT COALESCE(jsonb_agg(jsonb_build_array(f.scope, f.id, f.format)), '[]')
    FROM livescore_match_format f) AS formats,
  (SELECT COALESCE(jsonb_agg(jsonb_build_array(d.match_id, d.played_s)), '[]') FROM livescore_format_dispute d
    WHERE d.raised_at > (now() - interval '12 hours')
      AND NOT EXISTS (SELECT FROM livescore_match_format f WHERE f.scope = 'match' AND f.id = d.match_id)) AS disputed`,
};

/** The matches of about now in some competitions. */
export const MATCHES: Statement = {
  name: 'livescore_minute_matches',
  text: `
SELECT m.external_id, m.competition_id FROM ts_matches m
WHERE m.match_time >= ($2::bigint - 43200) AND m.match_time <= ($2::bigint + 7200) AND m.external_id IS NOT NULL
  AND m.competition_id = ANY ($1::text[])`,
};

export const DISPUTE: Statement = {
  name: 'livescore_minute_dispute',
  text: `
INSERT INTO livescore_format_dispute (match_id, format, played_s) VALUES ($1::text, $2::text, $3::integer)
ON CONFLICT (match_id) DO NOTHING`,
};
