import { describe, expect, it } from '@jest/globals';
import { StatementRefusedError, withCatalogNames } from './catalog-names.js';

/** What stands for `OPERATOR(pg_catalog.x)`, so that the table can be read. */
const shown = (text: string) => withCatalogNames(text).replaceAll(/OPERATOR\(pg_catalog\.([^)]+)\)/g, '{$1}');

describe('the catalogue is named', () => {
  it.each([
    ['before functions', 'SELECT now(), count(*)', 'SELECT pg_catalog.now(), pg_catalog.count(*)'],
    ['not twice', 'SELECT pg_catalog.now(), other.f(1)', 'SELECT pg_catalog.now(), other.f(1)'],
    [
      'not where the grammar says what is meant',
      'SELECT COALESCE(a, b), extract(epoch FROM a)',
      'SELECT COALESCE(a, b), extract(epoch FROM a)',
    ],
    ['in functions of functions', 'SELECT max(f(a))', 'SELECT pg_catalog.max(pg_catalog.f(a))'],
    ['before operators in parentheses', 'WHERE (b->>0) <= c', 'WHERE (b {->>}0) {<=} c'],
    ['before chains of one precedence', "SELECT a || '-' || b", "SELECT a {||} '-' {||} b"],
    ['before ANY', 'WHERE a = ANY ($1::bigint[])', 'WHERE a {=} ANY ($1::bigint[])'],
    [
      'not at an assignment',
      'UPDATE t SET a = 1, b = c = d WHERE e = 2',
      'UPDATE t SET a = 1, b = c {=} d WHERE e {=} 2',
    ],
    ['not at a star', 'SELECT *, t.*, a * b FROM t RETURNING *', 'SELECT *, t.*, a {*} b FROM t RETURNING *'],
    ['not at the sign of a number', 'SELECT a = -1, (-2)', 'SELECT a {=} -1, (-2)'],
    [
      'before types',
      'SELECT a::text, b::integer, c::text[]',
      'SELECT a::pg_catalog.text, b::integer, c::pg_catalog.text[]',
    ],
    [
      'in lists of columns',
      'FROM f($1) AS i (id text, "at" float8, n int)',
      'FROM pg_catalog.f($1) AS i (id pg_catalog.text, "at" pg_catalog.float8, n int)',
    ],
    ['not in texts and quoted names', `SELECT 'a = now()', "b = now()"`, null],
    ['not before lists of columns', 'INSERT INTO t AS k (a) VALUES ($1) ON CONFLICT (a) DO NOTHING', null],
    [
      'in every branch of a CASE',
      'SELECT CASE WHEN a = 1 THEN b + 1 ELSE c END',
      'SELECT CASE WHEN a {=} 1 THEN b {+} 1 ELSE c END',
    ],
  ] as const)('%s', (_what, text, expected) => expect(shown(text)).toBe(expected ?? text));
});

describe('a statement that leaves an operator to the search path is refused', () => {
  it.each([
    'WHERE a IN (1, 2)',
    'WHERE a NOT IN (SELECT b FROM t)',
    'WHERE a BETWEEN 1 AND 2',
    "WHERE a LIKE 'x'",
    'WHERE a IS DISTINCT FROM b',
    'WHERE a is not distinct from b',
    'SELECT NULLIF(a, b)',
    'FROM a JOIN b USING (id)',
    'SELECT CASE a WHEN 1 THEN 2 END',
    'WHERE a = b + 1',
    'SELECT a + b * c',
    'WHERE a = b = c',
    'SELECT count (*)',
    'SELECT 1 -- a comment',
    'SELECT 1 /* a comment */',
    'SELECT $$text$$',
  ])('%s', (text) => expect(() => withCatalogNames(text)).toThrow(StatementRefusedError));
});
