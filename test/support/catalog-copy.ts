import { Client } from 'pg';

/** Types that statements of the package name. */
const TYPES = ['text', 'jsonb', 'float8', 'bytea', 'timestamptz', 'regclass'];
const AGGREGATES = `
  CREATE AGGREGATE hostile.count(*) (sfunc = pg_catalog.int8inc, stype = bigint, initcond = '0');
  CREATE AGGREGATE hostile.max(bigint) (sfunc = pg_catalog.int8larger, stype = bigint);
  CREATE AGGREGATE hostile.max(timestamptz) (sfunc = pg_catalog.timestamptz_larger, stype = timestamptz);
  CREATE AGGREGATE hostile.sum(bigint) (sfunc = pg_catalog.int8pl, stype = bigint);
  CREATE AGGREGATE hostile.sum(integer) (sfunc = pg_catalog.int4pl, stype = integer);`;

/** Every operator of the catalogue, every function that has SQL arguments, and domains with the names of types. */
const COPY = `
CREATE SCHEMA hostile;
DO $copy$
DECLARE one record;
BEGIN
  FOR one IN SELECT p.proname, p.prosrc, pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND l.lanname = 'internal' AND p.prokind = 'f'
  LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION hostile.%I(%s) RETURNS %s LANGUAGE internal AS %L', one.proname, one.arguments, one.result, one.prosrc);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  FOR one IN SELECT o.oprname, o.oprcode::regproc::text AS code, NULLIF(o.oprleft, 0)::regtype AS l, o.oprright::regtype AS r
    FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprleft <> 0
  LOOP
    BEGIN
      EXECUTE format('CREATE OPERATOR hostile.%s (leftarg = %s, rightarg = %s, function = pg_catalog.%s)', one.oprname, one.l, one.r, one.code);
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
END $copy$;
${AGGREGATES}
${TYPES.map((type) => `CREATE DOMAIN hostile.${type} AS pg_catalog.${type};`).join('\n')}`;

/**
 * A database where another schema has all that the catalogue has, and stands before it. PostgreSQL then tells which names
 * of a statement it took from there: it keeps what the body of a function depends on.
 */
export class CatalogCopy {
  private constructor(private readonly client: Client) {}

  static async in(url: string): Promise<CatalogCopy> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(COPY);
    await client.query('SET search_path = hostile, pg_catalog, public');
    return new CatalogCopy(client);
  }

  /** What the statement takes from the other schema: functions, operators, types. */
  async takenFromOutside(text: string): Promise<readonly string[]> {
    const { client } = this;
    await client.query('BEGIN');
    try {
      await client.query(`PREPARE probe AS ${text}`);
      const { rows } = await client.query<{ types: string }>(
        `SELECT pg_catalog.array_to_string(parameter_types, ', ') AS types
         FROM pg_catalog.pg_prepared_statements WHERE name OPERATOR(pg_catalog.=) 'probe'`,
      );
      await client.query(
        `CREATE FUNCTION public.probe(${rows[0]?.types}) RETURNS void LANGUAGE sql BEGIN ATOMIC ${text}; END`,
      );
      return await this.dependencies();
    } finally {
      await client.query('ROLLBACK');
      await client.query('DEALLOCATE ALL');
    }
  }

  close(): Promise<void> {
    return this.client.end();
  }

  private async dependencies(): Promise<readonly string[]> {
    await this.client.query('SET LOCAL search_path = pg_catalog');
    const { rows } = await this.client.query<{ taken: string }>(
      `SELECT pg_describe_object(refclassid, refobjid, refobjsubid) AS taken FROM pg_depend
       WHERE classid = 'pg_proc'::regclass AND objid = 'public.probe'::regproc
         AND pg_describe_object(refclassid, refobjid, refobjsubid) ~ '\\mhostile\\.'`,
    );
    return rows.map(({ taken }) => taken);
  }
}
