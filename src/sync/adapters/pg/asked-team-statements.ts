import type { Statement } from '../../../postgres/database.js';

/** Whoever asked about a team asked about all of it. */
export const INCOMPLETE_TEAMS: Statement = {
  name: 'livescore_sync_incomplete_teams',
  text: `
SELECT t.external_id AS id FROM ts_teams t
LEFT JOIN livescore_sync_asked a ON a.entity = 'team' AND a.external_id = t.external_id
WHERE (COALESCE(t.logo_url, '') = '' OR ($1::boolean AND COALESCE(t.name, '') = ''))
  AND (a.asked_at IS NULL OR (a.asked_at < (clock_timestamp() - ($2::float8 * interval '1 millisecond'))))
  AND NOT EXISTS (SELECT FROM livescore_sync_deleted d
    WHERE d.entity = 'team' AND d.external_id = t.external_id AND d.listed_at IS NULL)
ORDER BY a.asked_at NULLS FIRST, t.updated_at NULLS FIRST, t.external_id LIMIT $3::integer`,
};

export const NOTE_ASKED: Statement = {
  name: 'livescore_sync_note_asked',
  text: `
INSERT INTO livescore_sync_asked (entity, external_id)
SELECT 'team', i.id FROM unnest($1::text[]) AS i (id)
ON CONFLICT (entity, external_id) DO UPDATE SET asked_at = clock_timestamp()`,
};
