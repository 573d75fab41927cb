import type { Side } from '../../../domain/match-event.js';
import { COUNT_COLUMNS, KICKOFF_COLUMNS, kickoffsSql, shownSql } from '../../../platform/score-columns.js';
import { SCORE_COLUMNS_SQL } from '../../../platform/score-row.js';
import { named } from './score-statement.js';

/** The journal of one match, or of all that changed since a time; with the competition, for the lists of the canary. */
export const WRITES = named(
  'revert_writes',
  `
SELECT j.match_id AS "matchId", m.competition_id AS "competitionId", j.epoch, j.version::float8 AS version, j.source,
  (extract(epoch FROM j.committed_at) * 1000)::float8 AS "committedAtMs"
FROM livescore_journal j LEFT JOIN ts_matches m ON m.external_id = j.match_id
WHERE ($1::text IS NULL OR j.match_id = $1::text)
  AND ($2::float8 IS NULL OR j.committed_at >= to_timestamp($2::float8 / 1000))
ORDER BY j.match_id, j.epoch, j.version`,
);

/** The row now, what our last change left, and what was there before the first. */
export const FACTS = named(
  'revert_facts',
  `
SELECT i."matchId" AS match_id, i.epoch, i.last::float8 AS last, m.external_id, m.score_version, ${SCORE_COLUMNS_SQL},
  m.kickoff_source, f.before, l.after,
  COALESCE(f.before #>> '{times,0}', CASE WHEN f.before ? 'times' THEN NULL ELSE p.provider_time::text END)::float8
    AS provider_time,
  COALESCE(f.before #>> '{times,1}', CASE WHEN f.before ? 'times' THEN NULL ELSE p.received_at::text END) AS seen_at
FROM jsonb_to_recordset($1::jsonb) AS i ("matchId" text, epoch integer, first bigint, last bigint)
JOIN livescore_journal f ON f.match_id = i."matchId" AND f.epoch = i.epoch AND f.version = i.first
JOIN livescore_journal l ON l.match_id = i."matchId" AND l.epoch = i.epoch AND l.version = i.last
LEFT JOIN LATERAL (
  SELECT j.provider_time, j.received_at FROM livescore_journal j
  WHERE j.match_id = i."matchId" AND ROW(j.epoch, j.version) < ROW(i.epoch, i.first) ORDER BY j.epoch DESC, j.version DESC LIMIT 1
) p ON true
LEFT JOIN ts_matches m ON m.external_id = i."matchId"`,
);

/** A side as it was: the slots (or none), and the columns. */
const setSide = (side: Side): string => {
  const changed = `(ARRAY[m.${side}_scores::text] <> ARRAY[i.${side}::text]
      OR ARRAY[m.${side}_score_display::integer] <> ARRAY[(i.${side}_columns ->> 0)::integer])`;
  const counts = COUNT_COLUMNS.map(
    ({ name }, n) => `${side}_${name} = COALESCE((i.${side}_columns ->> ${n})::integer, m.${side}_${name}::integer)`,
  );
  return `
    ${side}_scores = i.${side},
    ${counts.join(',\n    ')},
    ${side}_score_source = CASE WHEN ${changed} THEN 'revert' ELSE m.${side}_score_source END,
    ${side}_score_timestamp = CASE WHEN ${changed} THEN i.at ELSE m.${side}_score_timestamp::bigint END`;
};

const countsSql = (side: Side): string =>
  `jsonb_build_array(${COUNT_COLUMNS.map(({ name }) => `m.${side}_${name}::integer`).join(', ')})`;

const stateOf = (prefix: string): string =>
  `jsonb_build_object('status', ${prefix}status, 'home', ${prefix}home, 'away', ${prefix}away, 'kickoffs', ${prefix}kickoffs)`;

/**
 * Takes the rows back that are free and as our last change left them, with their journal rows and a note for the hosts, in
 * one statement. Beside the version the values are compared: a plain UPDATE of somebody else leaves the version.
 */
export const REVERT = named(
  'revert',
  `
WITH held AS (
  SELECT i.*, h.row_id FROM jsonb_to_recordset($1::jsonb) AS i (id text, epoch integer, version bigint, at bigint,
    was_status integer, was_home jsonb, was_away jsonb, was_kickoffs jsonb, was_shown jsonb,
    was_home_columns jsonb, was_away_columns jsonb, status integer, home jsonb,
    away jsonb, home_columns jsonb, away_columns jsonb, kickoffs jsonb, kickoff_source jsonb, provider_time bigint,
    seen_at timestamptz, reached integer)
  CROSS JOIN LATERAL (
    SELECT m.ctid AS row_id FROM ts_matches m
    WHERE m.external_id = i.id AND m.score_version = i.version AND ARRAY[m.status_id::integer] = ARRAY[i.was_status]
      AND m.home_scores::text = i.was_home::text AND m.away_scores::text = i.was_away::text
      AND ${shownSql('m')} = i.was_shown
      AND ${countsSql('home')} = i.was_home_columns AND ${countsSql('away')} = i.was_away_columns
      AND ${kickoffsSql('m')} = i.was_kickoffs
    FOR NO KEY UPDATE SKIP LOCKED) h
), written AS (
  UPDATE ts_matches m SET
    score_version = i.version + 1,
    status_id = i.status,
    status_id_source = CASE WHEN (m.status_id::integer = i.status) IS NOT TRUE THEN 'revert' ELSE m.status_id_source END,
    status_id_timestamp = CASE WHEN (m.status_id::integer = i.status) IS NOT TRUE THEN i.at ELSE m.status_id_timestamp::bigint END,
    ended = CASE WHEN (m.status_id::integer = i.status) IS NOT TRUE THEN i.status = 8 ELSE m.ended END,
    ${setSide('home')},
    ${setSide('away')},
    ${KICKOFF_COLUMNS.map(({ name }, n) => `${name} = (i.kickoffs ->> ${n})::bigint`).join(',\n    ')},
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
RETURNING match_id AS id`,
);
