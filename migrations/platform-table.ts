import type { QueryRunner } from 'typeorm';
import { PlatformTableMissingError } from './migration.errors.js';

/** The platform's `ts_matches`: in the data source's schema, else where the search path finds it. Our own tables go into the same schema. */
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
    `SELECT quote_ident(n.nspname) AS schema,
           json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)) AS columns
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.oid = to_regclass(concat(quote_ident($1) || '.', 'ts_matches'))
     GROUP BY n.nspname`,
    [schema ?? null],
  );
  const row = rows[0];
  if (!row) throw new PlatformTableMissingError(`Table ${schema ? `${schema}.` : ''}ts_matches`);
  return { schema: row.schema, columns: new Map(Object.entries(row.columns)) };
}
