import type { Statement } from '../../../postgres/database.js';

/** More than is ever asked for: a number in the text, so that the plan is one for few rows before it knows how many. */
const AT_MOST = 10_000;

export const RECENT_CHANGES: Statement = {
  name: 'livescore_recent_changes',
  text: `
WITH recent AS (
  SELECT * FROM (
    SELECT * FROM livescore_journal
    WHERE committed_at >= (now() - ($1::float8 * interval '1 millisecond'))
    ORDER BY committed_at DESC LIMIT ${AT_MOST}
  ) AS newest LIMIT $2::integer
)
SELECT r.match_id AS "matchId", r.epoch, r.version::float8 AS version,
  CASE WHEN r.source = 'revert' THEN 'foreign' ELSE r.source END AS source, r.catch_up AS "catchUp", r.before, r.after, r.minute,
  r.goal_incidents AS "goalIncidents", own.after AS announced,
  round(extract(epoch FROM COALESCE(r.received_at, r.committed_at)) * 1000)::float8 AS "receivedAtMs",
  round(extract(epoch FROM r.committed_at) * 1000)::float8 AS "committedAtMs",
  m.score_version AS "rowVersion", m.minute AS "rowMinute",
  CASE WHEN m.external_id IS NOT NULL THEN
    jsonb_build_object('status', m.status_id, 'home', m.home_scores, 'away', m.away_scores, 'kickoffs',
      jsonb_build_array(m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts)) END AS row
FROM recent r
LEFT JOIN ts_matches m ON m.external_id = r.match_id
LEFT JOIN LATERAL (
  SELECT j.after FROM livescore_journal j
  WHERE j.match_id = r.match_id AND j.source <> 'foreign' AND ROW(j.epoch, j.version) < ROW(r.epoch, r.version)
  ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) own ON true
ORDER BY r.committed_at, r.epoch, r.version`,
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
