import { createHash } from 'node:crypto';
import { tlsFailure } from '../kernel/tls-failure.js';
import type { Statement } from './database.js';
import { KEYS, NEEDED_TABLES } from './needed-tables.js';
import { classify, sqlState } from './sql-state.js';

/** What the database lacks, by name. */
export interface Lacks {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  readonly rights: readonly string[];
  /** what row security keeps the role from, because no policy of it is for the role */
  readonly policies: readonly string[];
}

const NAMES_TOLD = 3;

/** Looks at the catalogue only: nothing is locked, and it runs on a copy that refuses writes. */
const TEXT = `
WITH needed AS (
  SELECT n.name, n.columns, n.rights, to_regclass(n.name) AS oid
  FROM (VALUES ${NEEDED_TABLES.map(({ name, columns, rights }) => `('${name}', ${list(columns)}, ${list(rights)})`).join(',\n    ')})
    AS n (name, columns, rights)
), present AS (
  SELECT n.name, n.rights, n.oid, c.name AS column_name, a.attname IS NOT NULL AS there
  FROM needed n CROSS JOIN LATERAL unnest(n.columns) AS c (name)
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = n.oid AND a.attname = c.name AND a.attnum > 0 AND NOT a.attisdropped
  WHERE n.oid IS NOT NULL
)
SELECT ARRAY(SELECT n.name FROM needed n WHERE n.oid IS NULL) AS tables,
  ARRAY(SELECT p.name || '.' || p.column_name FROM present p WHERE NOT p.there) AS columns,
  ARRAY(SELECT DISTINCT r.name || ' on ' || p.name FROM present p CROSS JOIN LATERAL unnest(p.rights) AS r (name)
    WHERE p.there AND CASE
      WHEN has_table_privilege(p.oid, r.name) THEN false
      WHEN r.name = 'DELETE' THEN true
      WHEN r.name = 'UPDATE' AND p.column_name = ANY (${list(KEYS)}) THEN false
      ELSE NOT has_column_privilege(p.oid, p.column_name, r.name) END
    ORDER BY 1) AS rights,
  ARRAY(SELECT r.name || ' on ' || n.name FROM needed n CROSS JOIN LATERAL unnest(n.rights) AS r (name)
    WHERE n.oid IS NOT NULL AND row_security_active(n.oid) AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_policy y CROSS JOIN LATERAL unnest(y.polroles) AS o (id)
      WHERE y.polrelid = n.oid AND y.polpermissive AND y.polcmd::text = ANY (ARRAY['*', CASE WHEN r.name = 'SELECT' THEN 'r'
        WHEN r.name = 'INSERT' THEN 'a' WHEN r.name = 'UPDATE' THEN 'w' ELSE 'd' END])
        AND CASE WHEN o.id = 0::oid THEN true ELSE pg_has_role(o.id, 'USAGE') END)
    ORDER BY 1) AS policies`;

/** Behind a shared connection another release of the package asks for other tables: under another name. */
export const CHECK: Statement = {
  name: `livescore_ready_${createHash('sha256').update(TEXT).digest('hex').slice(0, 12)}`,
  text: TEXT,
};

/** One line for an operator: what is missing and what to do; null when nothing is. */
export function whatToDo({ tables, columns, rights, policies = [] }: Lacks): string | null {
  if (tables.some((name) => name.endsWith('ts_matches'))) {
    return `no table ${some(tables)}: name the platform's schema in the option postgres.schema, or another database`;
  }
  if (tables.length > 0) return `no table ${some(tables)}: run \`livescore migrate\``;
  if (columns.length > 0) return `no column ${some(columns)}: run \`livescore migrate\``;
  if (rights.length > 0) return `no right to ${some(rights)}: grant it to the role`;
  return policies.length > 0 ? `row security without a policy to ${some(policies)}: create one for the role` : null;
}

/** The same for a question that failed: never the driver's words, which may carry addresses. */
export function whatToDoAbout(error: unknown): string {
  const code = sqlState(error);
  const tls = tlsFailure(error);
  if (tls) return `failed: ${tls}`;
  const advice = ADVICE.get(code ?? '') ?? (classify(error) === 'unprepared' ? 'grant the role what it needs' : null);
  return `failed: ${code ?? 'no answer'}${advice ? `, ${advice}` : ''}`;
}

const ADVICE = new Map([
  ['28P01', 'wrong password: correct it in the address of the database'],
  ['28000', 'the role may not log in: correct the address, or pg_hba.conf'],
  ['3D000', 'no such database: correct the address'],
  ['42501', 'no right to use the schema: grant it to the role'],
]);

function some(names: readonly string[]): string {
  const more = names.length - NAMES_TOLD;
  return `${names.slice(0, NAMES_TOLD).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function list(names: readonly string[]): string {
  return `ARRAY['${names.join(`', '`)}']`;
}
