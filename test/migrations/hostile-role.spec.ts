import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

/** Roles belong to the server: another run must not share it. */
const ROLE = `livescore_test_hostile_${randomBytes(6).toString('hex')}`;

/** What PostgreSQL up to 14 lets every role do: create in `public`. Each of them matches better than that of the catalogue. */
const SHADOWS = `
CREATE FUNCTION public.taken(text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_user <> session_user OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    RAISE EXCEPTION 'ran as %: %', current_user, $1 USING ERRCODE = 'TAKEN';
  END IF;
END $$;
CREATE FUNCTION public.jsonb_build_object(text, integer, text, jsonb, text, jsonb, text, jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$ BEGIN PERFORM public.taken('jsonb_build_object'); RETURN '{"status":2}'; END $$;
CREATE FUNCTION public.jsonb_build_array(bigint, bigint, bigint) RETURNS jsonb
  LANGUAGE plpgsql AS $$ BEGIN PERFORM public.taken('jsonb_build_array'); RETURN '[]'; END $$;
CREATE FUNCTION public.same(varchar, varchar) RETURNS boolean
  LANGUAGE plpgsql AS $$ BEGIN PERFORM public.taken('='); RETURN true; END $$;
CREATE OPERATOR public.= (leftarg = varchar, rightarg = varchar, function = public.same);
CREATE FUNCTION public.same(varchar, text) RETURNS boolean
  LANGUAGE plpgsql AS $$ BEGIN PERFORM public.taken('='); RETURN true; END $$;
CREATE OPERATOR public.= (leftarg = varchar, rightarg = text, function = public.same);
CREATE TYPE public.bait AS (id text);
CREATE FUNCTION public.to_bait(text) RETURNS public.bait
  LANGUAGE plpgsql AS $$ BEGIN PERFORM public.taken('cast'); RETURN ROW($1); END $$;
CREATE CAST (text AS public.bait) WITH FUNCTION public.to_bait(text) AS IMPLICIT;
CREATE FUNCTION public.same(public.bait, public.bait) RETURNS boolean
  LANGUAGE plpgsql AS $$ BEGIN PERFORM public.taken('= after a cast'); RETURN true; END $$;
CREATE OPERATOR public.= (leftarg = public.bait, rightarg = public.bait, function = public.same);`;

/** Objects of ours that call what the role made. */
const DEPENDENTS = `
SELECT pg_describe_object(d.classid, d.objid, 0) AS object FROM pg_depend d
LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
WHERE (o.oprowner = '${ROLE}'::regrole OR p.proowner = '${ROLE}'::regrole)
  AND d.classid NOT IN ('pg_operator'::regclass, 'pg_cast'::regclass)`;

describe('a role that may create in the schema of the tables', () => {
  let database: TestDatabase;
  let owner: Client;
  let low: Client;

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: false });
    owner = new Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`CREATE ROLE ${ROLE} LOGIN`);
    await owner.query(`GRANT CREATE, USAGE ON SCHEMA public TO ${ROLE}; GRANT SELECT, UPDATE ON ts_matches TO ${ROLE}`);
    await owner.query(`GRANT SELECT ON ts_matches TO ${ROLE}`);
    low = new Client({ connectionString: database.url });
    await low.connect();
    await low.query(`SET SESSION AUTHORIZATION ${ROLE}`);
    await low.query(SHADOWS);
    const migrated = await runCli(['migrate'], { DATABASE_URL: database.url });
    expect(migrated).toMatchObject({ exitCode: 0, stderr: '' });
  });

  afterAll(async () => {
    await Promise.all([owner.end(), low.end()]);
    await database.drop();
    await runSql(process.env.DATABASE_URL as string, `DROP ROLE IF EXISTS ${ROLE}`);
  });

  it('is in nothing that the migrations made', async () => {
    expect((await owner.query(DEPENDENTS)).rows).toEqual([]);
  });

  it.each(['observe', 'protect'])('runs nothing with the rights of the owner of the trigger: %s', async (mode) => {
    await runSql(
      database.url,
      `DELETE FROM public.ts_matches;
       INSERT INTO public.ts_matches (external_id, status_id, home_scores, away_scores, score_protected_until)
       VALUES ('m1', 2, '[0,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', ${mode === 'protect' ? `'infinity'` : 'NULL'});
       UPDATE public.livescore_setting SET value = '${mode}'`,
    );
    const warnings: string[] = [];
    low.on('notice', ({ message }) => warnings.push(String(message)));
    await low.query('UPDATE ts_matches SET status_id = 4');
    expect(warnings).toEqual([]);
    const { rows } = await owner.query('SELECT result FROM livescore_foreign_write ORDER BY id DESC LIMIT 1');
    expect(rows).toEqual([{ result: mode === 'protect' ? 'held-off' : 'passed' }]);
  });

  it('runs nothing with the rights of the owner of the trigger that holds minutes', async () => {
    const hold = JSON.stringify({ until: 4_000_000_000, ids: ['m1'] });
    await runSql(
      database.url,
      `DELETE FROM public.ts_matches;
       INSERT INTO public.ts_matches (external_id, status_id, minute) VALUES ('m1', 2, 17);
       INSERT INTO public.livescore_setting (name, value) VALUES ('minute_hold', '${hold}')`,
    );
    const warnings: string[] = [];
    low.on('notice', ({ message }) => warnings.push(String(message)));
    await low.query('UPDATE ts_matches SET minute = 99');
    expect(warnings).toEqual([]);
    expect((await owner.query('SELECT minute FROM ts_matches')).rows).toEqual([{ minute: 17 }]);
  });

  it.each([
    ['explain', 'm1'],
    ['stage', 'get'],
    ['stage', 'set', 'shadow', '--reason', 'a test', '--by', 'anna'],
    ['pin', 'm1', 'direct', '--by', 'anna'],
    ['rollout', 'report'],
    ['revert', '--match', 'm1', '--dry-run'],
    ['dead-letters', 'list', '--reason', 'malformed'],
    ['foreign-writers', 'get'],
    ['migrate', 'status'],
  ])('runs nothing as the operator: livescore %s %s', async (...argv) => {
    const { exitCode } = await runCli(argv, { DATABASE_URL: database.url, PORT: '1' });
    expect(exitCode).toBeLessThan(2);
  });
});
