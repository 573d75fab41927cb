import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import type { Statement } from '../../../postgres/database.js';

/** A table that is not there has no columns. */
export function columnsOf(table: string): Statement {
  return {
    name: `livescore_sync_columns_${table}`,
    text: `
SELECT a.attname::text AS name, format_type(a.atttypid, NULL) AS type,
  CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 END AS max_length
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = to_regclass('${table}') AND a.attnum > 0 AND NOT a.attisdropped`,
  };
}

/** Keys in the order of the table's own index, whatever the language of the database is: a page goes on after the last key. */
export function keysOf({ name, table }: EntityDefinition): Statement {
  return {
    name: `livescore_sync_keys_${name}`,
    text: `
SELECT t.external_id AS id FROM ${table} t
WHERE t.external_id > $1::text AND (t.created_at IS NULL OR (t.created_at < to_timestamp($3::float8 / 1000)))
  AND NOT EXISTS (SELECT FROM livescore_sync_deleted d
    WHERE d.entity = '${name}' AND d.external_id = t.external_id AND d.listed_at IS NULL)
ORDER BY t.external_id LIMIT $2::integer`,
  };
}

export function unknownOf({ name, table }: EntityDefinition): Statement {
  return {
    name: `livescore_sync_unknown_${name}`,
    text: `
SELECT i.id FROM unnest($1::text[]) AS i (id)
WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.external_id = i.id)`,
  };
}

export const MARK_DELETED: Statement = {
  name: 'livescore_sync_mark_deleted',
  text: `
INSERT INTO livescore_sync_deleted AS d (entity, external_id)
SELECT $1::text, i.id FROM unnest($2::text[]) AS i (id)
WHERE EXISTS (SELECT FROM livescore_sync_status r WHERE r.entity = $1::text AND r.run_id = $3::uuid)
ON CONFLICT (entity, external_id) DO UPDATE SET seen_at = clock_timestamp(), listed_at = NULL
WHERE d.listed_at IS NOT NULL
RETURNING 1`,
};
