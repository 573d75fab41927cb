import type { Statement } from '../../../postgres/database.js';

/** More than is ever asked for: a number in the text, so that the plan is one for few rows before it knows how many. */
const AT_MOST = 10_000;

/** A row of the journal as it is told again. */
const CHANGE = `r.match_id AS "matchId", r.epoch, r.version::float8 AS version,
  CASE WHEN r.source = 'revert' THEN 'foreign' ELSE r.source END AS source, r.catch_up AS "catchUp", r.before, r.after, r.minute,
  r.goal_incidents AS "goalIncidents", own.after AS announced,
  round(extract(epoch FROM COALESCE(r.received_at, r.committed_at)) * 1000)::float8 AS "receivedAtMs",
  round(extract(epoch FROM r.committed_at) * 1000)::float8 AS "committedAtMs"`;

/** The row of the match as it is now. */
const ROW = `m.score_version AS "rowVersion", m.minute AS "rowMinute",
  CASE WHEN m.external_id IS NOT NULL THEN
    jsonb_build_object('status', m.status_id, 'home', m.home_scores, 'away', m.away_scores, 'kickoffs',
      jsonb_build_array(m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts)) END AS row`;

const OWN = `LEFT JOIN LATERAL (
  SELECT j.after FROM livescore_journal j
  WHERE j.match_id = r.match_id AND j.source <> 'foreign' AND ROW(j.epoch, j.version) < ROW(r.epoch, r.version)
  ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) own ON true`;

/**
 * A range with two ends, whose upper one excludes nothing: of a journal that was never analyzed the planner takes a two hundredth
 * for what lies between two ends, and a third for what lies behind one, which it would read the whole table for.
 */
export const RECENT_CHANGES: Statement = {
  name: 'livescore_recent_changes',
  text: `
WITH recent AS (
  SELECT * FROM (
    SELECT * FROM livescore_journal
    WHERE committed_at >= (now() - ($1::float8 * interval '1 millisecond')) AND committed_at <= 'infinity'::timestamptz
    ORDER BY committed_at DESC LIMIT ${AT_MOST}
  ) AS newest LIMIT $2::integer
)
SELECT ${CHANGE}, ${ROW}
FROM recent r
LEFT JOIN ts_matches m ON m.external_id = r.match_id
${OWN}
ORDER BY r.committed_at, r.epoch, r.version`,
};

/**
 * The primary key of the journal is read first: whole rows only of what is told, one by one, because the
 * plan of a join could read all of it. What is one for a match is made once. No match can have more versions than all may have together.
 */
export const CHANGES_AFTER: Statement = {
  name: 'livescore_changes_after',
  text: `
WITH wanted AS MATERIALIZED (
  SELECT w.match_id, w.epoch, w.version, ${ROW},
    jsonb_build_object('kickoff', COALESCE(m.live_kickoff_time, m.match_time),
      'format', (SELECT f.format FROM livescore_match_format f WHERE f.scope = 'match' AND f.id = m.external_id),
      'ofCompetition', (SELECT f.format FROM livescore_match_format f
        WHERE f.scope = 'competition' AND f.id = m.competition_id),
      'announcements', (SELECT jsonb_agg(i.value ORDER BY i.n) FROM jsonb_array_elements(
          CASE WHEN jsonb_typeof(m.incidents) = 'array' THEN m.incidents ELSE '[]' END) WITH ORDINALITY AS i (value, n)
        WHERE (i.value -> 'type') = '19')) AS times
  FROM ROWS FROM (unnest($1::text[]), unnest($2::integer[]), unnest($3::bigint[])) AS w (match_id, epoch, version)
  LEFT JOIN ts_matches m ON m.external_id = w.match_id
), missed AS MATERIALIZED (
  SELECT j.match_id, j.epoch, j.version, w."rowVersion", w."rowMinute", w.row, w.times
  FROM wanted w CROSS JOIN LATERAL (
    SELECT n.match_id, n.epoch, n.version FROM livescore_journal n
    WHERE n.match_id = w.match_id AND ROW(n.epoch, n.version) > ROW(w.epoch, w.version)
    ORDER BY n.epoch, n.version LIMIT $4::integer
  ) j
  ORDER BY j.match_id, j.epoch, j.version LIMIT $4::integer
)
SELECT ${CHANGE}, k."rowVersion", k."rowMinute", k.row, k.times
FROM missed k
CROSS JOIN LATERAL (
  SELECT * FROM livescore_journal j WHERE j.match_id = k.match_id AND j.epoch = k.epoch AND j.version = k.version LIMIT 1
) r
${OWN}
ORDER BY r.match_id, r.epoch, r.version`,
};

export const RECENT_INCIDENTS: Statement = {
  name: 'livescore_recent_incidents',
  text: `
SELECT match_id AS "matchId", news, round(extract(epoch FROM announced_at) * 1000)::float8 AS "announcedAtMs"
FROM (
  SELECT * FROM (
    SELECT * FROM livescore_announced
    WHERE news IS NOT NULL AND announced_at >= (now() - ($1::float8 * interval '1 millisecond'))
    ORDER BY announced_at DESC LIMIT ${AT_MOST}
  ) AS newest LIMIT $2::integer
) AS recent
ORDER BY announced_at, match_id, incident_key`,
};
