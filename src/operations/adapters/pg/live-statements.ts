import type { Statement } from '../../../postgres/database.js';

const MOST_MATCHES = 200;
const MOST_FOUND = 20;
const MOST_TEAMS = 50;
/** A match is found by the name of a team this long before and after its scheduled start, seconds. */
const SEARCHED_S = 30 * 86_400;

const FACTS = `m.external_id AS "matchId", m.status_id::integer AS status, m.home_score_display::integer AS "homeScore",
  m.away_score_display::integer AS "awayScore", m.minute::integer AS minute, m.last_update_source::text AS source, last.epoch,
  m.score_version::float8 AS version, last.changed AS "changedS",
  extract(epoch FROM (clock_timestamp() - m.score_seen_at))::float8 AS "seenS"`;

const NEWEST = `LEFT JOIN LATERAL (
  SELECT j.epoch, extract(epoch FROM (clock_timestamp() - j.committed_at))::float8 AS changed FROM livescore_journal j
  WHERE j.match_id = m.external_id ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) last ON true`;

const IN_PLAY = 'm.status_id = ANY (ARRAY[2, 3, 4, 5, 7]) AND m.external_id IS NOT NULL';

export const MATCHES: Statement = {
  name: 'livescore_operations_matches',
  text: `SELECT ${FACTS} FROM ts_matches m ${NEWEST}
WHERE ${IN_PLAY} ORDER BY last.changed NULLS LAST, m.external_id LIMIT ${MOST_MATCHES}`,
};

/** A range with two ends, as that of a takeover: a journal that was never analyzed is not read whole each second. */
export const LIVE: Statement = {
  name: 'livescore_operations_live',
  text: `
SELECT (SELECT count(*) FROM ts_matches m WHERE ${IN_PLAY})::integer AS count,
  (SELECT count(*) FROM livescore_journal j
    WHERE j.committed_at > (now() - interval '1 minute') AND j.committed_at <= 'infinity'::timestamptz)::integer AS "changesLastMinute",
  (SELECT jsonb_build_object('holder', l.holder, 'fence', l.fence) FROM livescore_lease l
    WHERE l.name = 'ingest' AND l.expires_at > clock_timestamp()) AS lease`,
};

export const ROW: Statement = {
  name: 'livescore_operations_row',
  text: `SELECT ${FACTS}, m.match_time::float8 AS "startS", m.provider_update_time::float8 AS "providerS",
  (extract(epoch FROM m.updated_at) * 1000)::float8 AS "updatedAtMs"
FROM ts_matches m ${NEWEST} WHERE m.external_id = $1::text`,
};

export const NAMES: Statement = {
  name: 'livescore_operations_names',
  text: `SELECT m.external_id AS "matchId", h.name AS home, a.name AS away, c.name AS competition
FROM ts_matches m LEFT JOIN ts_teams h ON h.external_id = m.home_team_id LEFT JOIN ts_teams a ON a.external_id = m.away_team_id
LEFT JOIN ts_competitions c ON c.external_id = m.competition_id
WHERE m.external_id = ANY ($1::text[])`,
};

/** By the beginning of an id; those that begin with it follow each other, so no more rows are looked at. */
export const FOUND_BY_ID: Statement = {
  name: 'livescore_operations_found_by_id',
  text: `
SELECT ${FACTS}
FROM (SELECT * FROM ts_matches w WHERE w.external_id >= $1::text ORDER BY w.external_id LIMIT ${MOST_MATCHES}) m ${NEWEST}
WHERE starts_with(m.external_id::text, $1::text) ORDER BY m.external_id LIMIT ${MOST_FOUND}`,
};

/** By a part of the name of a team; those in play first, then those nearest to now. */
export const FOUND_BY_NAME: Statement = {
  name: 'livescore_operations_found_by_name',
  text: `
WITH named AS MATERIALIZED (
  SELECT t.external_id FROM ts_teams t WHERE strpos(lower(t.name::text), lower($1::text)) > 0
  ORDER BY length(t.name::text), t.external_id LIMIT ${MOST_TEAMS}
)
SELECT ${FACTS} FROM ts_matches m ${NEWEST}
WHERE m.match_time >= (extract(epoch FROM now())::bigint - ${SEARCHED_S}) AND m.match_time <= (extract(epoch FROM now())::bigint + ${SEARCHED_S})
  AND (m.home_team_id = ANY (SELECT n.external_id FROM named n) OR m.away_team_id = ANY (SELECT n.external_id FROM named n))
ORDER BY m.status_id = ANY (ARRAY[2, 3, 4, 5, 7]) DESC NULLS LAST, abs(m.match_time - extract(epoch FROM now())::bigint), m.external_id
LIMIT ${MOST_FOUND}`,
};

export const FOREIGN_WRITERS: Statement = {
  name: 'livescore_operations_foreign_writers',
  text: `
SELECT s.value AS mode, (extract(epoch FROM s.changed_at) * 1000)::float8 AS "changedAtMs", s.changed_by AS "changedBy", s.reason,
  (SELECT COALESCE(jsonb_object_agg(w.result, w.count), '{}') FROM (
    SELECT f.result, count(*)::integer AS count FROM livescore_foreign_write f
    WHERE f.at > (now() - interval '1 hour') AND f.result <> 'reverted' GROUP BY f.result) w) AS "lastHour"
FROM livescore_setting s WHERE s.name = 'foreign_writer_mode'`,
};

export const FOREIGN_WRITES: Statement = {
  name: 'livescore_operations_foreign_writes',
  text: `SELECT (extract(epoch FROM f.at) * 1000)::float8 AS "atMs", f.match_id AS "matchId", f.version::float8 AS version, f.mode, f.result
FROM livescore_foreign_write f ORDER BY f.id DESC LIMIT 50`,
};
