/** The journal of one match, or of all that changed since a time; with the competition, for the lists of the canary. */
export const ENTRIES = `
SELECT j.match_id AS "matchId", m.competition_id AS "competitionId", j.epoch, j.version::float8 AS version, j.source,
  (extract(epoch FROM j.committed_at) * 1000)::float8 AS "committedAtMs"
FROM livescore_journal j LEFT JOIN ts_matches m ON m.external_id = j.match_id
WHERE ($1::text IS NULL OR j.match_id = $1::text)
  AND ($2::float8 IS NULL OR j.committed_at >= to_timestamp($2::float8 / 1000))
ORDER BY j.match_id, j.epoch, j.version`;

const columns = (side: 'home' | 'away') =>
  ['score_display', 'score_regular', 'score_overtime', 'score_penalties'].map((column) => `m.${side}_${column}`).join();

/** The row now, what our last change left, and what was there before the first. */
export const FACTS = `
SELECT i.id AS "matchId", i.epoch, i.last::float8 AS last, m.external_id IS NOT NULL AS found,
  m.score_version::float8 AS version, m.status_id AS status, m.home_scores AS home, m.away_scores AS away,
  ARRAY[${columns('home')}] AS "homeColumns", ARRAY[${columns('away')}] AS "awayColumns",
  jsonb_build_array(m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts) AS kickoffs,
  m.kickoff_source AS "kickoffSource",
  f.before, l.after,
  COALESCE(f.before #>> '{times,0}', CASE WHEN f.before ? 'times' THEN NULL ELSE p.provider_time::text END)::float8
    AS "providerTimeS",
  COALESCE(f.before #>> '{times,1}', CASE WHEN f.before ? 'times' THEN NULL ELSE p.received_at::text END) AS "seenAt"
FROM jsonb_to_recordset($1::jsonb) AS i(id text, epoch integer, first bigint, last bigint)
JOIN livescore_journal f ON f.match_id = i.id AND f.epoch = i.epoch AND f.version = i.first
JOIN livescore_journal l ON l.match_id = i.id AND l.epoch = i.epoch AND l.version = i.last
LEFT JOIN LATERAL (
  SELECT j.provider_time, j.received_at FROM livescore_journal j
  WHERE j.match_id = i.id AND (j.epoch, j.version) < (i.epoch, i.first) ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) p ON true
LEFT JOIN ts_matches m ON m.external_id = i.id`;

/** A side as it was: the slots (or none), then display, regular, overtime, penalties, red, yellow, corners. */
const setSide = (side: 'home' | 'away'): string => {
  const columns = [
    'score_display',
    'score_regular',
    'score_overtime',
    'score_penalties',
    'red_cards',
    'yellow_cards',
    'corners',
  ];
  const changed = `(m.${side}_scores IS DISTINCT FROM i.${side} OR m.${side}_score_display IS DISTINCT FROM (i.${side}_columns ->> 0)::integer)`;
  return `
    ${side}_scores = i.${side},
    ${columns.map((column, n) => `${side}_${column} = (i.${side}_columns ->> ${n})::integer`).join(',\n    ')},
    ${side}_score_source = CASE WHEN ${changed} THEN 'revert' ELSE m.${side}_score_source END,
    ${side}_score_timestamp = CASE WHEN ${changed} THEN i.at ELSE m.${side}_score_timestamp END`;
};

const stateOf = (prefix: string): string =>
  `jsonb_build_object('status', ${prefix}status, 'home', ${prefix}home, 'away', ${prefix}away, 'kickoffs', ${prefix}kickoffs)`;

/**
 * Takes the rows back that are free and as our last change left them, with their journal rows and a note for the hosts, in
 * one statement. Beside the version the values are compared: a plain UPDATE of somebody else leaves the version.
 */
export const REVERT = `
WITH held AS (
  SELECT i.*, h.row_id FROM jsonb_to_recordset($1::jsonb) AS i(id text, epoch integer, version bigint, at bigint,
    was_status integer, was_home jsonb, was_away jsonb, was_kickoffs jsonb, was_shown jsonb, status integer, home jsonb,
    away jsonb, home_columns jsonb, away_columns jsonb, kickoffs jsonb, kickoff_source jsonb, provider_time bigint,
    seen_at timestamptz, reached integer)
  CROSS JOIN LATERAL (
    SELECT m.ctid AS row_id FROM ts_matches m
    WHERE m.external_id = i.id AND m.score_version = i.version AND m.status_id IS NOT DISTINCT FROM i.was_status
      AND m.home_scores = i.was_home AND m.away_scores = i.was_away
      AND jsonb_build_array(m.home_score_display, m.away_score_display) = i.was_shown
      AND jsonb_build_array(m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts) = i.was_kickoffs
    FOR NO KEY UPDATE SKIP LOCKED) h
), written AS (
  UPDATE ts_matches m SET
    score_version = i.version + 1,
    status_id = i.status,
    status_id_source = CASE WHEN m.status_id IS DISTINCT FROM i.status THEN 'revert' ELSE m.status_id_source END,
    status_id_timestamp = CASE WHEN m.status_id IS DISTINCT FROM i.status THEN i.at ELSE m.status_id_timestamp END,
    ended = CASE WHEN m.status_id IS DISTINCT FROM i.status THEN i.status = 8 ELSE m.ended END,
    ${setSide('home')},
    ${setSide('away')},
    first_half_kickoff_ts = (i.kickoffs ->> 0)::bigint,
    second_half_kickoff_ts = (i.kickoffs ->> 1)::bigint,
    overtime_kickoff_ts = (i.kickoffs ->> 2)::bigint,
    kickoff_source = i.kickoff_source,
    provider_update_time = i.provider_time,
    score_seen_at = i.seen_at,
    score_reached = i.reached,
    score_protected_until = NULL,
    last_update_source = 'revert',
    last_event_ts = i.at,
    updated_at = now()
  FROM held i
  WHERE m.ctid = ANY (ARRAY(SELECT row_id FROM held)) AND m.external_id = i.id
  RETURNING i.*
), journaled AS (
  INSERT INTO livescore_journal (match_id, epoch, version, source, before, after, provider_time)
  SELECT id, epoch, version + 1, 'revert', ${stateOf('was_')}, ${stateOf('')}, provider_time FROM written
)
INSERT INTO livescore_foreign_write (match_id, version, mode, result, before)
SELECT id, version + 1, 'revert', 'reverted', ${stateOf('was_')} FROM written
RETURNING match_id AS "matchId"`;

export const PIN_TO_LEGACY = `
INSERT INTO livescore_pin (match_id, route, pinned_by, reason)
SELECT id, 'legacy', $2::text, $3::text FROM unnest($1::text[]) AS id
ON CONFLICT (match_id) DO UPDATE SET route = EXCLUDED.route, pinned_by = EXCLUDED.pinned_by,
  reason = EXCLUDED.reason, pinned_at = clock_timestamp()`;
