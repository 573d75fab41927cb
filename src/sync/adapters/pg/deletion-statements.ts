import type { Statement } from '../../../postgres/database.js';

/** A mark that was taken back long ago is set anew; one that holds, or was taken back lately, is not touched. */
export const MARK_DELETED: Statement = {
  name: 'livescore_sync_mark_told_deleted',
  text: `
INSERT INTO livescore_sync_deleted AS d (entity, external_id, seen_at, listed_at)
SELECT $1::text, i.id, clock_timestamp(), NULL FROM unnest($2::text[]) AS i (id) ORDER BY i.id
ON CONFLICT (entity, external_id) DO UPDATE SET seen_at = EXCLUDED.seen_at, listed_at = NULL
WHERE d.listed_at IS NOT NULL AND d.listed_at < (clock_timestamp() - ($3::float8 * interval '1 hour'))
RETURNING d.external_id AS id`,
};
