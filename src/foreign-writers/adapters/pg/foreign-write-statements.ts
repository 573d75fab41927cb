import type { Statement } from '../../../postgres/database.js';

/** A trace is claimed by the statement that reads it. Touches no table of the platform. */
export const READ: Statement = {
  name: 'livescore_foreign_read_authorities',
  text: `
WITH untold AS (
  SELECT w.id FROM livescore_foreign_write w WHERE w.told_at IS NULL ORDER BY w.id LIMIT $1::integer
  FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE livescore_foreign_write w SET told_at = clock_timestamp() FROM untold WHERE w.id = untold.id
  RETURNING w.id, w.match_id, w.mode, w.result, w.before
)
SELECT
  (SELECT s.value FROM livescore_setting s WHERE s.name = 'foreign_writer_mode') AS mode,
  (SELECT s.value FROM livescore_setting s WHERE s.name = 'foreign_writer_authorities') AS authorities,
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('matchId', c.match_id, 'mode', c.mode, 'result', c.result,
    'before', c.before) ORDER BY c.id), '[]') FROM claimed c) AS writes`,
};

export const NAME_AUTHORITIES: Statement = {
  name: 'livescore_foreign_authorities',
  text: `
INSERT INTO livescore_setting (name, value, changed_by) VALUES ('foreign_writer_authorities', $1::text, 'host')
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by, changed_at = now()`,
};

export const PROTECT: Statement = {
  name: 'livescore_foreign_protect',
  text: `
WITH free AS (
  SELECT m.external_id FROM ts_matches m
  WHERE m.external_id = ANY ($1::text[])
    AND COALESCE(m.score_protected_until, '-infinity') < (clock_timestamp() + ($2::float8 * interval '1 millisecond'))
  ORDER BY m.external_id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE ts_matches m SET score_protected_until = clock_timestamp() + ($2::float8 * interval '1 millisecond')
FROM free WHERE m.external_id = free.external_id`,
};

export const UNPROTECT: Statement = {
  name: 'livescore_foreign_unprotect',
  text: `
WITH held AS (
  SELECT m.external_id FROM ts_matches m
  WHERE m.external_id = ANY ($1::text[]) AND m.score_protected_until IS NOT NULL
  ORDER BY m.external_id FOR NO KEY UPDATE SKIP LOCKED
), cleared AS (
  UPDATE ts_matches m SET score_protected_until = NULL FROM held WHERE m.external_id = held.external_id
  RETURNING m.external_id
)
SELECT m.external_id FROM ts_matches m
WHERE m.external_id = ANY ($1::text[]) AND m.score_protected_until IS NOT NULL
  AND m.external_id <> ALL (SELECT c.external_id FROM cleared c)`,
};

export const PROTECTED: Statement = {
  name: 'livescore_foreign_protected',
  text: `SELECT m.external_id FROM ts_matches m
WHERE m.score_protected_until > clock_timestamp() AND m.external_id IS NOT NULL`,
};

export const PRUNE: Statement = {
  name: 'livescore_foreign_prune',
  text: `DELETE FROM livescore_foreign_write w WHERE w.told_at IS NOT NULL
  AND w.id <= ((SELECT max(n.id) FROM livescore_foreign_write n) - $1::bigint)`,
};
