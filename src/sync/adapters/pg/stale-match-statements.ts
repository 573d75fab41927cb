import { SIDES } from '../../../platform/score-columns.js';
import type { Statement } from '../../../postgres/database.js';

const LIVE = 'm.status_id = ANY (ARRAY[2, 3, 4, 5, 7])';
/** Not started, and its time has passed, up to a day ago. @param now parameter, unix seconds */
const overdue = (now: string): string =>
  `m.status_id = 1 AND m.match_time < ${now}::bigint AND m.match_time >= (${now}::bigint - 86400)`;

/** What readers take the score from. */
const HAS_SCORE = SIDES.flatMap((side) => ['scores', 'score_display', 'score_regular'].map((name) => `${side}_${name}`))
  .map((column) => `m.${column} IS NOT NULL`)
  .join(' AND ');

const COLUMNS = `m.external_id, m.status_id, m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts,
    m.live_kickoff_time, m.match_time, m.minute, m.last_event_ts, m.status_id_timestamp, m.home_score_timestamp,
    m.away_score_timestamp, m.score_seen_at, (${HAS_SCORE}) AS has_score`;

const ms = (column: string): string => `round(extract(epoch FROM ${column}) * 1000)::float8`;

/** Each part by an index of its own. */
export const READ_WATCHED: Statement = {
  name: 'livescore_watched_matches',
  text: `
WITH watched AS (
  (SELECT ${COLUMNS} FROM ts_matches m
    WHERE ${LIVE} AND m.external_id IS NOT NULL ORDER BY m.match_time DESC, m.external_id LIMIT $2::integer)
  UNION ALL
  (SELECT ${COLUMNS} FROM ts_matches m
    WHERE ${overdue('$1')} AND m.external_id IS NOT NULL ORDER BY m.match_time DESC, m.external_id LIMIT $2::integer)
)
SELECT w.*, floor(extract(epoch FROM w.score_seen_at))::bigint AS seen_s, s.reason, ${ms('s.since')} AS since_ms,
  ${ms('s.asked_at')} AS asked_ms, ${ms('s.stale_at')} AS stale_ms
FROM watched w LEFT JOIN livescore_stale_match s ON s.match_id = w.external_id`,
};

const FENCED = `($4::bigint IS NULL
  OR $4::bigint >= COALESCE((SELECT l.fence FROM livescore_lease l WHERE l.name = 'ingest'), 0))`;

const time = (column: string): string => `to_timestamp(i.${column} / 1000)`;

/** A mark is noted or taken away, never both: one whose match has just ended goes with the next look. */
export const SAVE_MARKS: Statement = {
  name: 'livescore_save_stale_marks',
  text: `
WITH given AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS i (id text, reason text, since float8, asked float8, stale float8)
  WHERE ${FENCED}
), noted AS (
  INSERT INTO livescore_stale_match AS s (match_id, reason, since, asked_at, stale_at)
  SELECT i.id, i.reason, ${time('since')}, ${time('asked')}, ${time('stale')} FROM given i ORDER BY i.id
  ON CONFLICT (match_id) DO UPDATE SET reason = EXCLUDED.reason, since = EXCLUDED.since, asked_at = EXCLUDED.asked_at,
    stale_at = EXCLUDED.stale_at
  RETURNING s.match_id
)
DELETE FROM livescore_stale_match s
WHERE ${FENCED} AND NOT EXISTS (SELECT FROM given i WHERE i.id = s.match_id)
  AND (s.match_id = ANY ($2::text[]) OR NOT EXISTS (
    SELECT FROM ts_matches m WHERE m.external_id = s.match_id AND (${LIVE} OR (${overdue('$3')}))))
RETURNING s.match_id AS "matchId", s.reason`,
};

export const LIST_MARKS: Statement = {
  name: 'livescore_list_stale_marks',
  text: `
SELECT s.match_id AS "matchId", s.reason, ${ms('s.since')} AS "sinceMs", ${ms('s.asked_at')} AS "askedAtMs",
  ${ms('s.stale_at')} AS "staleAtMs", m.status_id::float8 AS status,
  CASE WHEN m.external_id IS NOT NULL THEN concat(COALESCE(m.home_score_display, m.home_score_regular, 0), '-',
    COALESCE(m.away_score_display, m.away_score_regular, 0)) END AS score,
  GREATEST(0, ${ms('(clock_timestamp() - s.since)')}) AS "ageMs"
FROM livescore_stale_match s LEFT JOIN ts_matches m ON m.external_id = s.match_id
ORDER BY (s.stale_at IS NULL), s.since, s.match_id LIMIT $1::integer`,
};
