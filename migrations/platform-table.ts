import type { QueryRunner } from 'typeorm';
import { PlatformTableMissingError } from './migration.errors.js';

/**
 * The platform's `ts_matches`: in the data source's schema, else where the search path finds it, which decides nothing else.
 * Our own tables go into the same schema.
 */
export interface PlatformTable {
  /** quoted where needed */
  readonly schema: string;
  /** column name → SQL type */
  readonly columns: ReadonlyMap<string, string>;
}

/** @throws PlatformTableMissingError when there is none */
export async function findPlatformTable(queryRunner: QueryRunner): Promise<PlatformTable> {
  const { schema } = queryRunner.connection.options as { readonly schema?: string };
  const rows: { schema: string; columns: Record<string, string> }[] = await queryRunner.query(
    `SELECT pg_catalog.quote_ident(n.nspname) AS schema,
           pg_catalog.json_object_agg(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) AS columns
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0
        AND NOT a.attisdropped
     WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
     GROUP BY n.nspname`,
    [schema === undefined ? 'ts_matches' : `"${schema.replaceAll('"', '""')}".ts_matches`],
  );
  const row = rows[0];
  if (!row) throw new PlatformTableMissingError(`Table ${schema ? `${schema}.` : ''}ts_matches`);
  return { schema: row.schema, columns: new Map(Object.entries(row.columns)) };
}
