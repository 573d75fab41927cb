import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { openLong } from '../../src/cli/backup/long-client.js';
import { readManifest } from '../../src/cli/backup/manifest.js';
import { Progress } from '../../src/cli/backup/progress.js';
import { takeBackup } from '../../src/cli/backup/take-backup.js';
import {
  itWithOldTools,
  itWithTools,
  LONG_MS,
  pathWith,
  scratchDatabases,
  seedBackup,
} from '../support/backup-tools.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

/** An advisory lock of the database under test. */
const COUNTING = 4711;

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

describe('livescore backup', () => {
  let folder: string;
  let database: TestDatabase;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'livescore-backup-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  let next = 0;
  const path = () => join(folder, `backup-${next++}`);
  const cli = (url: string, ...argv: string[]) =>
    runCli(argv, { DATABASE_URL: url, USER: 'ada', PATH: process.env.PATH ?? '' });
  const backup = (to: string, ...argv: string[]) => cli(database.url, 'backup', to, '--json', ...argv);

  it('names a tool that is not there', async () => {
    const env = { DATABASE_URL: database.url, PATH: folder };
    expect(await runCli(['backup', path()], env)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('pg_dump is not there: install the client tools of PostgreSQL'),
    });
  });

  itWithOldTools('names a tool that is too old for the server', async () => {
    expect(await backup(path())).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is older than the server'),
    });
  });

  itWithTools(
    'keeps rows, versions and facts, and reads them back',
    async () => {
      await seedBackup(database.url);
      const [before, to] = [await scratchDatabases(), path()];
      const done = await backup(to);
      expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining('reading it back')]);
      expect(JSON.parse(done.stdout)).toMatchObject({
        path: to,
        bytes: expect.any(Number),
        checkedAt: expect.any(String),
      });
      const manifest = readManifest(to);
      expect(manifest).toMatchObject({
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        stage: { stage: 'canary', percent: 7, reason: 'try' },
        environment: ['DATABASE_URL'],
        migrations: expect.arrayContaining(['LivescoreTables1795430001000']),
      });
      expect(manifest.tables.find(({ name }) => name === 'ts_matches')).toMatchObject({ rows: 301, of: 'platform' });
      expect(manifest.tables.find(({ name }) => name === 'livescore_host')).toMatchObject({ rows: 0 });
      expect(manifest.functions.map(({ signature }) => signature)).toContain('public.livescore_foreign_writer()');
      expect(statSync(to).mode & 0o077).toBe(0);
      expect(readFileSync(join(to, 'manifest.json'), 'utf8')).not.toContain('postgres://');
      expect((await scratchDatabases()).filter((name) => !before.includes(name))).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
      expect(await backup(to)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is there already') });
    },
    LONG_MS,
  );

  itWithTools(
    'is of the moment of its snapshot, by the clock of the database, and leaves what others put beside it',
    async () => {
      const to = path();
      const began = join(folder, 'began');
      mkdirSync(`${to}.partial`);
      writeFileSync(join(`${to}.partial`, 'mine'), 'mine');
      const script = `[ "$1" = --version ] || [ -e '${began}' ] || date +%s%3N > '${began}'\nexec real "$@"`;
      const PATH = pathWith(join(folder, 'clock'), 'pg_dump', script);
      const done = await runCli(['backup', to, '--no-check'], { DATABASE_URL: database.url, PATH });
      expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining('reading')]);
      expect(Date.parse(readManifest(to).madeAt)).toBeLessThanOrEqual(Number(readFileSync(began, 'utf8')));
      expect(readFileSync(join(`${to}.partial`, 'mine'), 'utf8')).toBe('mine');
      rmSync(`${to}.partial`, { recursive: true });
    },
    LONG_MS,
  );

  itWithTools(
    'is read back although a trigger calls a function of another schema',
    async () => {
      await runSql(
        database.url,
        `CREATE SCHEMA other; CREATE FUNCTION other.heard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE TRIGGER heard BEFORE INSERT ON ts_matches FOR EACH ROW EXECUTE FUNCTION other.heard()`,
      );
      const done = await backup(path());
      expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining('reading it back')]);
    },
    LONG_MS,
  );

  itWithTools(
    'ends what it started when it is interrupted, and keeps nothing',
    async () => {
      const started = join(folder, 'started');
      const script = `[ "$1" = --version ] && exec real "$@"\necho $$ > '${started}.new'; mv '${started}.new' '${started}'; exec sleep 300`;
      const PATH = pathWith(join(folder, 'slow'), 'pg_dump', script);
      const controller = new AbortController();
      const request = { path: path(), isChecked: false, url: database.url, env: { PATH }, signal: controller.signal };
      const taking = takeBackup(request, new Progress({ stdout: () => {}, stderr: () => {} }));
      const outcome = taking.catch((error: unknown) => error);
      const pid = Number(await eventually(() => readFileSync(started, 'utf8'), { what: 'pg_dump runs' }));
      controller.abort();
      expect(await outcome).toMatchObject({ code: 'LIVESCORE_INTERRUPTED' });
      await eventually(() => isGone(pid), { what: 'pg_dump to end' });
      expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
    },
    LONG_MS,
  );

  itWithTools(
    'ends pg_dump when the rows cannot be counted',
    async () => {
      const role = `livescore_low_${new URL(database.url).pathname.slice(-8)}`;
      const url = Object.assign(new URL(database.url), { username: role, password: 'low' }).href;
      const started = join(folder, 'counting');
      const script = `[ "$1" = --version ] && exec real "$@"\necho $$ > '${started}.new'; mv '${started}.new' '${started}'; exec sleep 300`;
      const PATH = pathWith(join(folder, 'endless'), 'pg_dump', script);
      await runSql(
        database.url,
        `CREATE ROLE ${role} LOGIN PASSWORD 'low'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};
         GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role};
         INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ('m1', 1, 1700000000);
         CREATE FUNCTION uncounted(id text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${COUNTING}); RAISE 'no count'; END $$;
         ALTER TABLE ts_matches ENABLE ROW LEVEL SECURITY;
         CREATE POLICY uncounted ON ts_matches USING (uncounted(external_id))`,
      );
      const holder = new Client({ connectionString: database.url });
      await holder.connect();
      try {
        // nothing is counted before pg_dump runs
        await holder.query('SELECT pg_advisory_lock($1)', [COUNTING]);
        const backup = runCli(['backup', path(), '--no-check'], { DATABASE_URL: url, PATH });
        const pid = Number(await eventually(() => readFileSync(started, 'utf8'), { what: 'pg_dump runs' }));
        await holder.query('SELECT pg_advisory_unlock($1)', [COUNTING]);
        expect(await backup).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no count') });
        await eventually(() => isGone(pid), { what: 'pg_dump to end' });
      } finally {
        await holder.end();
        await runSql(database.url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    },
    LONG_MS,
  );

  it('lifts the limits of a role: a snapshot stands idle, and a large table takes its time', async () => {
    const names = ['statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout'];
    const url = new URL(database.url);
    url.searchParams.set('options', names.map((name) => `-c ${name}=300000`).join(' '));
    const client = await openLong(url.href);
    try {
      const found = await client.query<{ value: string }>(
        'SELECT setting AS value FROM pg_catalog.pg_settings WHERE name = ANY ($1::text[])',
        [names],
      );
      expect(found.map(({ value }) => value)).toEqual(['0', '0', '0']);
    } finally {
      await client.end();
    }
  });

  itWithTools(
    'names the right that the check needs, and the tables that may not be read',
    async () => {
      const role = `livescore_low_${new URL(database.url).pathname.slice(-8)}`;
      const url = Object.assign(new URL(database.url), { username: role, password: 'low' }).href;
      await runSql(database.url, `CREATE ROLE ${role} LOGIN PASSWORD 'low'; GRANT SELECT ON ts_matches TO ${role}`);
      try {
        const unreadable = await cli(url, 'backup', path(), '--no-check');
        expect(unreadable).toMatchObject({
          exitCode: 2,
          stderr: expect.stringMatching(/may not read .*livescore_journal/),
        });
        await runSql(
          database.url,
          `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
        );
        const to = path();
        expect((await cli(url, 'backup', to)).stderr).toContain(`ALTER ROLE "${role}" CREATEDB, or add --no-check`);
        expect((await cli(url, 'backup', to, '--no-check')).exitCode).toBe(0);
        expect((await cli(url, 'restore', to, '--yes')).stderr).toMatch(/does not own .*ts_matches/);
      } finally {
        await runSql(database.url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    },
    LONG_MS,
  );
});
