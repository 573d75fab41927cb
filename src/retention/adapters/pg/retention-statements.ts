import type { Statement } from '../../../postgres/database.js';

const LIMIT = 1_000;
/** Ended, abandoned, cancelled: nothing is written to such a match any more but by an operator. */
const OVER = 'ARRAY[8, 11, 12]';

/**
 * A match goes as a whole: half of its journal would make a revert go back to a state that never was. One that is played,
 * postponed or interrupted stays, and so does one whose predictions wait for something. Verdicts stay: predictions do, too.
 */
export const PRUNE_JOURNAL: Statement = {
  name: 'livescore_prune_journal',
  text: `
WITH scanned AS (
  SELECT j.match_id, j.committed_at FROM livescore_journal j
  WHERE j.committed_at > to_timestamp($2::float8 / 1000) AND j.committed_at < (now() - ($1::float8 * interval '1 day'))
  ORDER BY j.committed_at LIMIT ${LIMIT}
), finished AS (
  SELECT s.match_id FROM (SELECT DISTINCT match_id FROM scanned) s
  WHERE NOT EXISTS (SELECT FROM ts_matches m
      WHERE m.external_id = s.match_id AND (m.status_id::integer = ANY (${OVER})) IS NOT TRUE)
    AND NOT EXISTS (SELECT FROM livescore_journal n
      WHERE n.match_id = s.match_id AND n.committed_at >= (now() - ($1::float8 * interval '1 day')))
    AND NOT EXISTS (SELECT FROM livescore_settlement_match t WHERE t.match_id = s.match_id AND t.next_at IS NOT NULL)
), changes AS (
  DELETE FROM livescore_journal j USING finished f WHERE j.match_id = f.match_id RETURNING j.version
), settlements AS (
  DELETE FROM livescore_settlement_match t USING finished f WHERE t.match_id = f.match_id
), announcements AS (
  DELETE FROM livescore_announced a USING finished f WHERE a.match_id = f.match_id RETURNING a.incident_key
)
SELECT ((SELECT count(*) FROM changes) + (SELECT count(*) FROM announcements))::float8 AS deleted,
  (SELECT CASE WHEN count(*) < ${LIMIT} THEN NULL ELSE extract(epoch FROM max(committed_at)) * 1000 END FROM scanned)::float8
    AS "untilMs"`,
};

export const PRUNE_LETTERS: Statement = {
  name: 'livescore_prune_letters',
  text: `
WITH old AS (
  SELECT id FROM livescore_dead_letter
  WHERE received_at < (now() - ($1::float8 * interval '1 day')) AND redrive_at IS NULL
  ORDER BY id LIMIT ${LIMIT} FOR UPDATE SKIP LOCKED
)
DELETE FROM livescore_dead_letter letter USING old WHERE letter.id = old.id RETURNING letter.id`,
};

export const PRUNE_DECISIONS: Statement = {
  name: 'livescore_prune_decisions',
  text: `
WITH old AS (
  SELECT id FROM livescore_rollout_decision WHERE decided_at < (now() - ($1::float8 * interval '1 day'))
  ORDER BY id LIMIT ${LIMIT} FOR UPDATE SKIP LOCKED
)
DELETE FROM livescore_rollout_decision decision USING old WHERE decision.id = old.id RETURNING decision.id`,
};
