import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { runLivescoreMigrations } from '../../migrations/index.js';
import { MatchStatus } from '../../src/index.js';
import { NEEDED_TABLES } from '../../src/postgres/needed-tables.js';
import { platformSchemaSql } from '../../src/testing/index.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { pgBouncerInstalled, startPgBouncer } from '../support/pgbouncer.js';
import { BootedHost } from './booted-host.js';

guardAgainstLeaks();

const FIVE_MINUTES_MS = 300_000;
const SCHEMA = 'Live Scores';
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

let database: TestDatabase;
let role: string;
let host: BootedHost | undefined;
let matches = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  role = `${new URL(database.url).pathname.slice(1)}_role`;
  await runSql(database.url, `CREATE ROLE "${role}" LOGIN PASSWORD 'secret'`);
});
afterEach(async () => {
  await host?.close();
  host = undefined;
});
afterAll(async () => {
  await runSql(database.url, `DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
  await database.drop();
});

/** A new match that has begun. */
async function seed(schema = 'public'): Promise<string> {
  const matchId = `boot-${++matches}`;
  await runSql(
    database.url,
    `INSERT INTO ${quoted(schema)}.ts_matches (id, external_id, status_id, match_time)
     VALUES (gen_random_uuid(), '${matchId}', 2, extract(epoch FROM now()) - 60)`,
  );
  return matchId;
}

async function written(matchId: string, home: number, schema = 'public'): Promise<void> {
  const sql = `SELECT home_score_display AS home FROM ${quoted(schema)}.ts_matches WHERE external_id = $1`;
  const isWritten = async () => (await rowsOf(database.url, sql, [matchId]))[0]?.home === home;
  await eventually(isWritten, { what: `${home} goals of ${matchId} in the row` });
}

/** A database that is busy may answer later than readiness waits for it. */
async function troubleIs(expected: unknown): Promise<void> {
  const isTold = async () => {
    expect(await host?.trouble()).toEqual(expected);
    return true;
  };
  await eventually(isTold, { what: `readiness to tell ${expected}` });
}

describe('a schema whose name must be quoted', () => {
  beforeAll(async () => {
    await runSql(
      database.url,
      `CREATE SCHEMA ${quoted(SCHEMA)}; SET search_path = ${quoted(SCHEMA)}; ${platformSchemaSql}`,
    );
    const source = await new DataSource({ type: 'postgres', url: database.url, schema: SCHEMA }).initialize();
    expect(await runLivescoreMigrations(source)).not.toHaveLength(0);
    await source.destroy();
  });

  it('is where everything is read and written, and nothing elsewhere', async () => {
    host = await BootedHost.start({ postgres: { connection: database.url, schema: SCHEMA } });
    await troubleIs(null);
    const matchId = await seed(SCHEMA);
    await host.say(matchId, 1);
    await written(matchId, 1, SCHEMA);
    const journal = `SELECT count(*)::int AS n FROM ${quoted(SCHEMA)}.livescore_journal`;
    expect(await rowsOf(database.url, journal)).toEqual([{ n: 1 }]);
  });

  it('is told by its name when it has no tables', async () => {
    await runSql(database.url, 'CREATE SCHEMA "Empty One"');
    host = await BootedHost.start({ postgres: { connection: database.url, schema: 'Empty One' } });
    await troubleIs(expect.stringMatching(/no table "Empty One"\.ts_matches.*postgres\.schema/));
  });
});

describe('a role that lacks one right', () => {
  const asRole = () => Object.assign(new URL(database.url), { username: role, password: 'secret' }).href;
  beforeAll(async () => {
    const grants = NEEDED_TABLES.map(({ name, rights }) => `GRANT ${rights.join(', ')} ON ${name} TO "${role}"`);
    await runSql(database.url, grants.join(';'));
  });

  it.each([
    ['UPDATE on ts_matches, which it may only read', 'UPDATE', 'ts_matches'],
    ['INSERT on the journal', 'INSERT', 'livescore_journal'],
    ['INSERT on the dead letters', 'INSERT', 'livescore_dead_letter'],
    ['SELECT on the lease', 'SELECT', 'livescore_lease'],
  ])('%s: the host boots unready, names it, and is ready when it is granted', async (_, right, table) => {
    await runSql(database.url, `REVOKE ${right} ON ${table} FROM "${role}"`);
    host = await BootedHost.start({ postgres: { connection: asRole() } });
    await troubleIs(`no right to ${right} on ${table}: grant it to the role`);
    await runSql(database.url, `GRANT ${right} ON ${table} TO "${role}"`);
    await troubleIs(null);
    const matchId = await seed();
    await host.say(matchId, 1);
    await written(matchId, 1);
  });
});

const behindPooler = pgBouncerInstalled() ? it : it.skip;

behindPooler('a transaction pooler: a host works behind it as it does without', async () => {
  const pooler = await startPgBouncer(database.url);
  if (!pooler) throw new Error('pgbouncer is installed and does not start');
  try {
    host = await BootedHost.start({ postgres: { connection: pooler.url } });
    await troubleIs(null);
    const matchId = await seed();
    await host.say(matchId, 1);
    await written(matchId, 1);
  } finally {
    await host?.close();
    host = undefined;
    await pooler.stop();
  }
});

describe('a clock that is wrong', () => {
  const start = async (clockAheadMs: number) => {
    await host?.close();
    host = await BootedHost.start({ postgres: { connection: database.url } }, { clockAheadMs });
    return host;
  };

  it.each([
    ['five minutes ahead of the database', FIVE_MINUTES_MS],
    ['five minutes behind it', -FIVE_MINUTES_MS],
  ])('%s: takes the feed, and writes every score', async (_, aheadMs) => {
    const matchId = await seed();
    const wrong = await start(aheadMs);
    await troubleIs(null);
    for (const home of [1, 2, 3]) {
      await wrong.say(matchId, home);
      await written(matchId, home);
    }
    // as a correction, and the end of the half
    await wrong.say(matchId, 2, MatchStatus.HalfTime);
    await wrong.say(matchId, 2, MatchStatus.SecondHalf);
    await wrong.say(matchId, 4, MatchStatus.SecondHalf);
    await written(matchId, 4);
  });

  it('on one host and not on the next: what one wrote keeps no other from writing, in either order', async () => {
    const matchId = await seed();
    let home = 0;
    for (const aheadMs of [FIVE_MINUTES_MS, 0, -FIVE_MINUTES_MS, FIVE_MINUTES_MS, -FIVE_MINUTES_MS, 0]) {
      const next = await start(aheadMs);
      await next.say(matchId, ++home);
      await written(matchId, home);
    }
    const versions = await rowsOf(
      database.url,
      `SELECT version::int AS version, (after->'home'->>0)::int AS home FROM livescore_journal WHERE match_id = $1 ORDER BY epoch, version`,
      [matchId],
    );
    expect(versions).toEqual([1, 2, 3, 4, 5, 6].map((n) => ({ version: n, home: n })));
  });
});
