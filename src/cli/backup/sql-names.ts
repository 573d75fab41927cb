/** A name as a statement takes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as a statement takes it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const tableName = (schema: string, table: string): string => `${quoted(schema)}.${quoted(table)}`;

/** A row as text: equal texts, equal rows. */
export const rowText = (columns: readonly string[], alias: string): string =>
  `ROW(${columns.map((column) => `${alias}.${quoted(column)}`).join(', ')})::text`;

/** The count of the rows of a table alone, and one number that is the same for the same rows in any order. */
export function countSql(from: string, columns: readonly string[]): string {
  return `SELECT count(*)::text AS rows,
  COALESCE(sum(('x' || substr(md5(${rowText(columns, 't')}), 1, 16))::bit(64)::bigint), 0)::text AS checksum
FROM ${from} t`;
}

/** Is there such a function? As an expression of SQL. */
export const existsFunction = (signature: string): string => `to_regprocedure(${literal(signature)}) IS NOT NULL`;
