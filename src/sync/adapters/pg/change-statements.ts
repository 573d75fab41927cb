import type { Statement } from '../../../postgres/database.js';

/** What is kept without a time gives way to what has one; what is as new as what is kept is left alone. */
export const KEEP_CHANGES: Statement = {
  name: 'livescore_sync_keep_changes',
  text: `
INSERT INTO livescore_sync_change AS c (type, id, of, update_time, seen_at, fate)
SELECT g.type, g.id, g.of, g.update_time, clock_timestamp(), g.fate
FROM jsonb_to_recordset($1::jsonb) AS g (type smallint, id text, of text, update_time bigint, fate text)
ON CONFLICT (type, id) DO UPDATE SET of = EXCLUDED.of, update_time = EXCLUDED.update_time, seen_at = EXCLUDED.seen_at,
  fate = EXCLUDED.fate
WHERE (c.update_time IS NULL AND EXCLUDED.update_time IS NOT NULL) OR EXCLUDED.update_time > c.update_time
RETURNING c.id`,
};

export const PRUNE_CHANGES: Statement = {
  name: 'livescore_sync_prune_changes',
  text: `
WITH old AS (
  SELECT type, id FROM livescore_sync_change WHERE seen_at < (clock_timestamp() - ($1::float8 * interval '1 day'))
  ORDER BY seen_at LIMIT $2::int FOR UPDATE SKIP LOCKED
)
DELETE FROM livescore_sync_change AS c USING old WHERE c.type = old.type AND c.id = old.id RETURNING c.id`,
};
