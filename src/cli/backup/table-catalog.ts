import { CommandError } from '../cli.errors.js';
import type { LongClient } from './long-client.js';
import type { KeptFunction, KeptTable } from './manifest.js';
import { tableName } from './sql-names.js';

/** Tables of the platform that the package cannot do without. */
const PLATFORM_TABLES = ['ts_matches', 'ai_predictions'];

/** A table as the catalogue shows it. */
export interface CatalogTable extends Pick<KeptTable, 'name' | 'of' | 'columns' | 'primaryKey'> {
  readonly oid: string;
  readonly bytes: number;
  readonly mayRead: boolean;
  readonly isOwner: boolean;
}

const SCHEMA = `
SELECT n.nspname::text AS schema FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = COALESCE(to_regclass('ts_matches'), to_regclass('livescore_journal'))`;

/** The schema of the platform, by the search path of this connection; where nothing is left, the first one of that path. */
export async function findSchema(client: LongClient): Promise<string> {
  const [found] = await client.query<{ schema: string }>(SCHEMA);
  if (found) return found.schema;
  const [first] = await client.query<{ schema: string | null }>('SELECT current_schema()::text AS schema');
  return first?.schema ?? 'public';
}

const TABLES = `
SELECT c.oid::text AS oid, c.relname::text AS name, pg_total_relation_size(c.oid)::float8 AS bytes,
  (has_table_privilege(c.oid, 'SELECT') AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid
    WHERE (d.refobjid = c.oid) AND (d.refobjsubid > 0)
      AND CASE WHEN s.relkind = 'S' THEN NOT has_sequence_privilege(s.oid, 'SELECT') ELSE false END)) AS "mayRead",
  pg_has_role(c.relowner, 'USAGE') AS "isOwner",
  ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
    WHERE (a.attrelid = c.oid) AND (a.attnum > 0) AND NOT a.attisdropped AND (a.attgenerated = '') ORDER BY a.attnum) AS columns,
  ARRAY(SELECT a.attname::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
    WHERE (i.indrelid = c.oid) AND i.indisprimary AND (a.attnum = ANY (i.indkey)) ORDER BY a.attnum) AS "primaryKey"
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname = $1::name) AND (c.relkind = 'r')
  AND (starts_with(c.relname::text, 'livescore_') OR (c.relname = ANY ($2::name[])))
ORDER BY c.relname`;

/** The tables that a backup keeps, as far as they are there. */
export async function findTables(client: LongClient, schema: string): Promise<readonly CatalogTable[]> {
  const rows = await client.query<Omit<CatalogTable, 'of'>>(TABLES, [schema, PLATFORM_TABLES]);
  return rows.map((row) => ({ ...row, of: PLATFORM_TABLES.includes(row.name) ? 'platform' : 'package' }));
}

/** @throws CommandError naming every table that may not be read */
export function refuseUnreadable(tables: readonly CatalogTable[], schema: string): void {
  if (!tables.some(({ name }) => name === 'ts_matches')) {
    throw new CommandError('LIVESCORE_NO_PLATFORM', 'the database has no table ts_matches, or it is partitioned');
  }
  const unreadable = tables.filter(({ mayRead }) => !mayRead).map(({ name }) => name);
  if (unreadable.length === 0) return;
  throw new CommandError(
    'LIVESCORE_NO_RIGHT',
    `the role of DATABASE_URL may not read ${unreadable.join(', ')}: GRANT SELECT ON ${unreadable
      .map((name) => `${schema}.${name}`)
      .join(', ')} TO it, and on their sequences, or name another role`,
  );
}

const FUNCTIONS = `
SELECT DISTINCT (quote_ident(n.nspname::text) || '.' || quote_ident(p.proname::text) || '(' || oidvectortypes(p.proargtypes) || ')')
    AS signature, pg_get_functiondef(p.oid) AS definition
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE (p.prokind = 'f') AND NOT (n.nspname = 'pg_catalog')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE (x.objid = p.oid) AND (x.deptype = 'e'))
  AND (((n.nspname = $1::name) AND starts_with(p.proname::text, 'livescore_'))
    OR EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE (t.tgfoid = p.oid) AND (t.tgrelid = ANY ($2::oid[])))
    OR EXISTS (SELECT FROM pg_catalog.pg_attrdef a JOIN pg_catalog.pg_depend d ON d.objid = a.oid
      WHERE (d.refobjid = p.oid) AND (a.adrelid = ANY ($2::oid[]))))
ORDER BY 1`;

/** Functions that triggers and defaults of the tables call: no archive of a table holds them. */
export async function findFunctions(
  client: LongClient,
  schema: string,
  tables: readonly CatalogTable[],
): Promise<readonly KeptFunction[]> {
  const rows = await client.query<KeptFunction>(FUNCTIONS, [schema, tables.map(({ oid }) => oid)]);
  return rows.map(({ signature, definition }) => ({ signature, definition }));
}

const EXTENSIONS = `
SELECT DISTINCT e.extname::text AS name, n.nspname::text AS schema
FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
JOIN pg_catalog.pg_depend x ON (x.refobjid = e.oid) AND (x.deptype = 'e')
WHERE EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE (a.attrelid = ANY ($1::oid[])) AND (a.atttypid = x.objid))
  OR EXISTS (SELECT FROM pg_catalog.pg_attrdef a JOIN pg_catalog.pg_depend d ON d.objid = a.oid
    WHERE (d.refobjid = x.objid) AND (a.adrelid = ANY ($1::oid[])))
ORDER BY 1`;

/** Extensions whose types and functions the tables use. */
export function findExtensions(client: LongClient, tables: readonly CatalogTable[]) {
  return client.query<{ name: string; schema: string }>(EXTENSIONS, [tables.map(({ oid }) => oid)]);
}

const REFERENCES = `
SELECT (c.conrelid::regclass)::text AS "from", c.conname::text AS name, pg_get_constraintdef(c.oid) AS definition
FROM pg_catalog.pg_constraint c
WHERE (c.contype = 'f') AND (c.confrelid = ANY ($1::oid[])) AND NOT (c.conrelid = ANY ($1::oid[])) ORDER BY 1, 2`;

/** Foreign keys of other tables, as the statements that make them. */
export async function findReferences(client: LongClient, tables: readonly CatalogTable[]): Promise<readonly string[]> {
  const rows = await client.query<{ from: string; name: string; definition: string }>(REFERENCES, [
    tables.map(({ oid }) => oid),
  ]);
  return rows.map(({ from, name, definition }) => `ALTER TABLE ${from} ADD CONSTRAINT "${name}" ${definition}`);
}

/** The migrations that ran; none where their table is missing. */
export async function findMigrations(
  client: LongClient,
  schema: string,
  tables: readonly CatalogTable[],
): Promise<readonly string[]> {
  if (!tables.some(({ name }) => name === 'livescore_migrations')) return [];
  const rows = await client.query<{ name: string }>(
    `SELECT name::text AS name FROM ${tableName(schema, 'livescore_migrations')} ORDER BY timestamp`,
  );
  return rows.map(({ name }) => name);
}
