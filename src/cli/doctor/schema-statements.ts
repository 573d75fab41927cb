/** Where `ts_matches` is found, and where else it and tables of the package are. */
export const WHERE = `
SELECT current_setting('search_path') AS path,
  (SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = to_regclass('ts_matches')) AS found,
  ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname::text = 'ts_matches' AND c.relkind::text = ANY (ARRAY['r', 'p']) ORDER BY 1) AS elsewhere,
  ARRAY(SELECT DISTINCT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname::text = 'livescore_journal' AND c.relkind::text = ANY (ARRAY['r', 'p']) ORDER BY 1) AS ours`;

export const MIGRATIONS = 'SELECT m.name FROM livescore_migrations m ORDER BY m.name';

export const TYPES = `
SELECT a.attname::text AS name, t.typname::text AS type
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass('ts_matches') AND a.attnum > 0 AND NOT a.attisdropped`;

/** Both triggers of the package, whether they are there or not. */
export const TRIGGERS = `
SELECT n.name, (SELECT g.tgenabled::text FROM pg_catalog.pg_trigger g
  WHERE g.tgrelid = to_regclass('ts_matches') AND g.tgname::text = n.name) AS enabled
FROM unnest(ARRAY['zzz_livescore_foreign_writer', 'zzy_livescore_minute_hold']) AS n (name)
WHERE to_regclass('ts_matches') IS NOT NULL`;

/** A unique index on `external_id` alone, over all rows. */
export const KEY = `
SELECT to_regclass('ts_matches') IS NOT NULL AS there, EXISTS (
  SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = to_regclass('ts_matches') AND i.indisunique AND i.indisvalid AND i.indnkeyatts::integer = 1
    AND i.indpred IS NULL AND a.attname::text = 'external_id') AS unique`;

/** @param $1 names; those that are not there come back */
export const FEATURES = 'SELECT n.name FROM unnest($1::text[]) AS n (name) WHERE to_regclass(n.name) IS NULL';
