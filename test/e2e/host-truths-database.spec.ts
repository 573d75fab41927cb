import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { runLivescoreMigrations } from '../../migrations/index.js';
import { LiveScoreModule, type LiveScoreOptions, MatchStatus, Readiness, UpdateSink } from '../../src/index.js';
import { NEEDED_TABLES } from '../../src/postgres/needed-tables.js';
import { platformSchemaSql } from '../../src/testing/index.js';
import { slots } from '../support/committed-changes.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const SEED = (schema: string) => `INSERT INTO ${schema}.ts_matches (id, external_id, status_id, match_time)
  VALUES (gen_random_uuid(), 'm1', 2, extract(epoch FROM now()) - 60)`;

let database: TestDatabase;
let role: string;
let app: INestApplication | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  role = `${new URL(database.url).pathname.slice(1)}_role`;
  await runSql(
    database.url,
    `CREATE ROLE "${role}" LOGIN PASSWORD 'secret'; GRANT USAGE ON SCHEMA public TO "${role}";
     CREATE SCHEMA platform; CREATE SCHEMA bare;
     SET search_path = platform; ${platformSchemaSql}`,
  );
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});
afterAll(async () => {
  await runSql(database.url, `DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
  await database.drop();
});

/** A host in this process: with these data sources, and our modules with these options. */
async function start(sources: readonly TypeOrmModuleOptions[], options: LiveScoreOptions = {}): Promise<void> {
  await runSql(database.url, `TRUNCATE platform.ts_matches, public.ts_matches; ${SEED('public')}; ${SEED('platform')}`);
  const imports: DynamicModule[] = sources.map((source) => TypeOrmModule.forRoot(source));
  @Module({ imports: [...imports, LiveScoreModule.forRoot(options)] })
  class HostModule {}
  app = await NestFactory.create(HostModule, { logger: false, abortOnError: false });
  await app.init();
}

const source = (more: object = {}): TypeOrmModuleOptions => ({ type: 'postgres', url: database.url, ...more });
const service = <T>(type: abstract new (...args: never[]) => T): T => app?.get(type, { strict: false }) as T;
const ready = () => service(Readiness).report();
/** On a busy machine the first answer may be that none came in time. */
const becomes = (expected: object, what: string) =>
  eventually(
    async () => {
      expect(await ready()).toMatchObject(expected);
      return true;
    },
    { what },
  );

/** A goal from the feed, and which of the two schemas has it. */
async function goalIn(): Promise<readonly string[]> {
  await eventually(async () => (await ready()).standby === false, { what: 'the lease' });
  const nowMs = Date.now();
  const score = { status: MatchStatus.FirstHalf, home: slots(1), away: slots(0), periodKickoffS: null };
  const feed = { source: 'mqtt', delivery: 'push', requestedAtMs: null, providerTimeS: null } as const;
  service(UpdateSink).submit([{ ...feed, matchId: 'm1', receivedAtMs: nowMs, score }]);
  const seen = async () => {
    const rows = await rowsOf(
      database.url,
      `SELECT 'public' AS schema FROM public.ts_matches WHERE home_score_display = 1
       UNION ALL SELECT 'platform' FROM platform.ts_matches WHERE home_score_display = 1`,
    );
    return rows.map(({ schema }) => String(schema));
  };
  await eventually(async () => (await seen()).length > 0, { what: 'the goal' });
  return seen();
}

describe('the schema of the host', () => {
  it('is where its migrations put the tables of the package', async () => {
    const host = await new DataSource({ type: 'postgres', url: database.url, schema: 'platform' }).initialize();
    expect(await runLivescoreMigrations(host)).not.toHaveLength(0);
    await host.destroy();
    const [found] = await rowsOf(database.url, `SELECT to_regclass('platform.livescore_journal') IS NOT NULL AS there`);
    expect(found).toEqual({ there: true });
  });

  it('of the DataSource is followed by every statement', async () => {
    await start([source({ schema: 'platform' })]);
    await becomes({ ok: true }, 'a ready host');
    expect(await goalIn()).toEqual(['platform']);
    const [{ held }] = (await rowsOf(
      database.url,
      `SELECT count(*)::integer AS held FROM platform.livescore_lease WHERE holder <> ''`,
    )) as [{ held: number }];
    expect(held).toBe(1);
  });

  it('may also be an option, of its own connection', async () => {
    await start([], { postgres: { connection: database.url, schema: 'platform' } });
    expect(await goalIn()).toEqual(['platform']);
  });

  it('of the search path is used where none is set', async () => {
    for (const none of [{}, { schema: '' }]) {
      await start([source(none)]);
      expect(await goalIn()).toEqual(['public']);
      await app?.close();
    }
    await start([source({ extra: { options: '-c search_path=platform' } })]);
    expect(await goalIn()).toEqual(['platform']);
  });

  it('without ts_matches makes the host unready, and says what to do', async () => {
    await start([source({ schema: 'bare' })]);
    const error = expect.stringMatching(/no table "bare"\.ts_matches.*postgres\.schema/);
    await becomes({ ok: false, db: { ok: false, error } }, 'what to do');
  });
});

describe('a named DataSource', () => {
  it('is followed by the option that names it, and by no other', async () => {
    await start([source(), source({ name: 'scores', schema: 'platform' })], { postgres: { dataSource: 'scores' } });
    expect(await goalIn()).toEqual(['platform']);
  });

  it('must be there, or the host does not boot', async () => {
    await expect(start([source()], { postgres: { dataSource: 'other' } })).rejects.toThrow(
      /no TypeORM data source is named "other"/,
    );
    await expect(start([source({ name: 'scores' })])).rejects.toThrow(/option "dataSource"/);
  });
});

describe('a database that is not prepared', () => {
  const asRole = () => Object.assign(new URL(database.url), { username: role, password: 'secret' }).href;
  const reason = async () => (await ready()).db.error;
  const standby = async () => {
    await start([], { postgres: { connection: database.url }, lease: { holder: 'other' } });
    await eventually(async () => (await ready()).standby === false, { what: 'the lease' });
    const holder = app;
    await start([], { postgres: { connection: database.url }, lease: { holder: 'standby' } });
    return holder;
  };

  it('lists what the migrations make, neither more nor less', async () => {
    const rows = await rowsOf(
      database.url,
      `SELECT relname AS table, array_agg(attname::text ORDER BY attname) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname ~ '^livescore_' AND relname <> 'livescore_migrations'
       GROUP BY relname ORDER BY relname`,
    );
    const needed = NEEDED_TABLES.filter(({ name }) => name !== 'ts_matches')
      .map(({ name, columns }) => ({ table: name, columns: [...columns].sort() }))
      .sort((a, b) => (a.table < b.table ? -1 : 1));
    expect(needed).toEqual(rows);
  });

  it.each([
    ['table', 'ALTER TABLE livescore_pin RENAME TO gone', 'ALTER TABLE gone RENAME TO livescore_pin', 'livescore_pin'],
    [
      'column',
      'ALTER TABLE ts_matches RENAME score_reached TO gone',
      'ALTER TABLE ts_matches RENAME gone TO score_reached',
      'ts_matches.score_reached',
    ],
  ])('has no %s: unready with the reason, also as a standby', async (kind, remove, restore, name) => {
    const holder = await standby();
    await becomes({ ok: true, standby: true }, 'a ready standby');
    await runSql(database.url, remove);
    try {
      const error = `no ${kind} ${name}: run \`livescore migrate\``;
      await becomes({ ok: false, standby: true, db: { ok: false, error } }, 'the reason');
    } finally {
      await runSql(database.url, restore);
      await holder?.close();
    }
    await eventually(async () => (await ready()).ok, { what: 'the recovery' });
  });

  it('gives the role no rights: unready until they are granted', async () => {
    await start([], { postgres: { connection: asRole() } });
    const error = expect.stringMatching(/^no right to .* and \d+ more: grant it to the role$/);
    await becomes({ db: { error } }, 'the reason');
    await runSql(database.url, `GRANT SELECT, UPDATE ON ts_matches TO "${role}"`);
    await runSql(
      database.url,
      NEEDED_TABLES.map(({ name, rights }) => `GRANT ${rights.join(', ')} ON ${name} TO "${role}"`).join(';'),
    );
    await eventually(async () => (await ready()).ok, { what: 'the rights' });
    await runSql(database.url, `REVOKE UPDATE ON livescore_lease FROM "${role}"`);
    await eventually(async () => (await reason()) === 'no right to UPDATE on livescore_lease: grant it to the role', {
      what: 'the right that is missing',
    });
  });

  it('hides its rows behind row security: unready until there is a policy for the role', async () => {
    await runSql(database.url, `GRANT UPDATE ON livescore_lease TO "${role}"`);
    await start([], { postgres: { connection: asRole() } });
    await eventually(async () => (await ready()).ok, { what: 'the rights' });
    await runSql(database.url, 'ALTER TABLE ts_matches ENABLE ROW LEVEL SECURITY');
    try {
      await eventually(
        async () => (await reason())?.startsWith('row security without a policy to SELECT on ts_matches'),
        {
          what: 'the reason',
        },
      );
      expect((await ready()).ok).toBe(false);
      await runSql(database.url, `CREATE POLICY theirs ON ts_matches TO pg_monitor USING (true)`);
      await runSql(database.url, `CREATE POLICY reading ON ts_matches FOR SELECT TO "${role}" USING (true)`);
      await eventually(
        async () =>
          (await reason()) === 'row security without a policy to UPDATE on ts_matches: create one for the role',
        { what: 'the policy that is missing' },
      );
      await runSql(database.url, `CREATE POLICY writing ON ts_matches FOR UPDATE TO PUBLIC USING (true)`);
      await eventually(async () => (await ready()).ok, { what: 'the policies' });
    } finally {
      await runSql(
        database.url,
        `ALTER TABLE ts_matches DISABLE ROW LEVEL SECURITY; DROP POLICY IF EXISTS theirs ON ts_matches;
         DROP POLICY IF EXISTS reading ON ts_matches; DROP POLICY IF EXISTS writing ON ts_matches`,
      );
    }
  });

  it.each([
    ['wrong password', (url: URL) => Object.assign(url, { username: 'nobody-at-all', password: 'x' }), /28|failed/],
    ['no such database', (url: URL) => Object.assign(url, { pathname: '/nobody-is-there' }), /3D000, no such database/],
  ])('is not reached (%s): the host boots and says what to do', async (_, change, expected) => {
    await start([], { postgres: { connection: change(new URL(database.url)).href } });
    await becomes({ db: { error: expect.stringMatching(expected) } }, 'what to do');
  });
});
