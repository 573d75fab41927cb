/** Rows that one batch looks at. */
export const LIMIT = 1_000;
/** Ended, abandoned, cancelled: nothing is written to such a match any more but by an operator. */
const OVER = 'ARRAY[8, 11, 12]';

/** What is done with the rows `t` of a table that meet a condition with another one: they go, or are only found. */
export type Deed = (table: string, using: string, where: string) => string;
export type Text = (deed: Deed) => string;

export const prune: Deed = (table, using, where) => `DELETE FROM ${table} t USING ${using} WHERE ${where} RETURNING 1`;
export const count: Deed = (table, using, where) => `SELECT 1 FROM ${table} t, ${using} WHERE ${where}`;

/** `$1`: days. In parentheses: it stands beside AND and NOT. */
export const isOld = (column: string) => `(${column} < (now() - ($1::float8 * interval '1 day')))`;

/** Of the match `s`: it is over, or has no row any more. */
export const IS_OVER = `NOT EXISTS (SELECT FROM ts_matches m
    WHERE m.external_id = s.match_id AND (m.status_id::integer = ANY (${OVER})) IS NOT TRUE)`;
export const HAS_NO_JOURNAL = 'NOT EXISTS (SELECT FROM livescore_journal j WHERE j.match_id = s.match_id)';
export const NOTHING_WAITS = `NOT EXISTS (SELECT FROM livescore_settlement_match w
    WHERE w.match_id = s.match_id AND w.next_at IS NOT NULL)`;

const utc = (moment: string) => `to_char(timezone('UTC', ${moment}), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
/** The last batch has fewer rows than it may have. */
const next = (last: string) => `(SELECT CASE WHEN count(*) < ${LIMIT} THEN NULL ELSE ${last} END FROM scanned)`;
const counted = (tables: readonly string[]) =>
  tables.map((table, n) => `(SELECT count(*) FROM gone${n})::float8 AS "${table}"`).join(', ');

interface ByTime {
  readonly table: string;
  /** column that has an index */
  readonly at: string;
  /** more about the rows `t` that are looked at, the predicate of their index for one */
  readonly where?: string;
  /** more about the match `s` */
  readonly unless: string;
  /** from which the rows of the match go */
  readonly tables: readonly string[];
}

/** Goes through a table by time, and deletes by match. */
export function byTime({ table, at, where = '', unless, tables }: ByTime): Text {
  return (deed) => `
WITH scanned AS (
  SELECT t.match_id, t.${at} AS at FROM ${table} t
  WHERE t.${at} > COALESCE($2::timestamptz, '-infinity') AND ${isOld(`t.${at}`)} ${where}
  ORDER BY t.${at} LIMIT ${LIMIT}
), finished AS (
  SELECT s.match_id FROM (SELECT DISTINCT match_id FROM scanned) s WHERE ${IS_OVER} AND ${unless}
), ${tables.map((name, n) => `gone${n} AS (${deed(name, 'finished f', 't.match_id = f.match_id')})`).join(', ')}
SELECT ${counted(tables)}, ${next(utc('max(at)'))} AS after`;
}

interface ByKey {
  readonly table: string;
  /** text columns of the primary key */
  readonly key: readonly string[];
  /** of the row `s` */
  readonly where: string;
  /** again, of the row `t` under its lock: what may have changed meanwhile */
  readonly again?: string;
  /** from which rows of the same key go, too */
  readonly others?: readonly string[];
}

/** Goes through a table by its primary key: for tables that stay small. */
export function byKey({ table, key, where, again = '', others = [] }: ByKey): Text {
  const columns = key.map((column) => `s.${column}`).join(', ');
  const after = key.map((_, n) => `COALESCE($2::jsonb ->> ${n}, '')`).join(', ');
  const same = key.map((column) => `t.${column} = s.${column}`).join(' AND ');
  const last = `(SELECT jsonb_build_array(${columns})::text FROM scanned s ORDER BY ${key.map((column) => `s.${column} DESC`).join(', ')} LIMIT 1)`;
  return (deed) => `
WITH scanned AS (
  SELECT s.* FROM ${table} s WHERE ROW(${columns}) > ROW(${after}) ORDER BY ${columns} LIMIT ${LIMIT}
), old AS (SELECT ${columns} FROM scanned s WHERE ${where}),
${[table, ...others].map((name, n) => `gone${n} AS (${deed(name, 'old s', n === 0 ? `${same} ${again}` : same)})`).join(', ')}
SELECT ${counted([table, ...others])}, ${next(last)} AS after`;
}

interface ById {
  readonly table: string;
  /** of the row `s` */
  readonly where: string;
  /** again, of the row `t` under its lock */
  readonly again?: string;
}

/** Goes through a table by its number. */
export function byId({ table, where, again = '' }: ById): Text {
  return (deed) => `
WITH scanned AS (
  SELECT s.* FROM ${table} s WHERE s.id > COALESCE($2::bigint, 0) ORDER BY s.id LIMIT ${LIMIT}
), old AS (SELECT s.id FROM scanned s WHERE ${where}),
gone0 AS (${deed(table, 'old s', `t.id = s.id ${again}`)})
SELECT ${counted([table])}, ${next('max(id)::text')} AS after`;
}
