import { kickoffsSql, shownSql } from '../../../platform/score-columns.js';
import { FINGERPRINT_SQL } from './drift-statement.js';
import { named } from './score-statement.js';

/**
 * Ends a match that is free, in play and as it was looked at, with its journal row and a note for the hosts, in one
 * statement. It makes a version like the writer's own statements, so the trigger of foreign writers leaves it alone in
 * every mode; the journal says that an authority made it, and the hosts let it stand. Score, minute and kick-offs stay.
 */
export const END_MATCH = named(
  'end_match',
  `
WITH held AS (
  SELECT m.ctid AS row_id,
    jsonb_build_object('status', m.status_id::integer, 'home', m.home_scores, 'away', m.away_scores, 'kickoffs',
      ${kickoffsSql('m')}) AS before,
    jsonb_build_object('shown', ${shownSql('m')},
      'times', jsonb_build_array(m.provider_update_time::bigint, m.score_seen_at)) AS more
  FROM ts_matches m
  WHERE m.external_id = $1::text AND m.score_version = $2::bigint AND ${FINGERPRINT_SQL} = $3::text
    AND m.status_id::integer = ANY (ARRAY[2, 3, 4, 5, 7])
  FOR NO KEY UPDATE SKIP LOCKED
), written AS (
  UPDATE ts_matches m SET
    score_version = $2::bigint + 1,
    status_id = 8,
    status_id_source = 'admin',
    status_id_timestamp = $5::bigint,
    ended = true,
    score_reached = GREATEST(m.score_reached::integer, m.status_id::integer),
    last_update_source = 'admin',
    last_event_ts = $5::bigint,
    updated_at = now()
  FROM held h WHERE m.ctid = h.row_id
  RETURNING m.external_id AS id, h.before, h.more, m.provider_update_time::bigint AS provider_time
), journaled AS (
  INSERT INTO livescore_journal (match_id, epoch, version, source, before, after, provider_time, received_at)
  SELECT w.id, $4::integer, $2::bigint + 1, 'admin', w.before || w.more,
    w.before || jsonb_build_object('status', 8, 'authority', true, 'by', $6::text, 'reason', $7::text),
    w.provider_time, clock_timestamp()
  FROM written w
)
INSERT INTO livescore_foreign_write (match_id, version, mode, result, before)
SELECT w.id, $2::bigint + 1, 'end', 'admin', w.before FROM written w
RETURNING match_id AS id`,
);
