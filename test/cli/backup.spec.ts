import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { readManifest } from '../../src/cli/backup/manifest.js';
import { createTestDatabase, runSql, serverUrl, type TestDatabase } from '../support/database.js';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

/** Null where the tools are not installed. */
const TOOLS = majorOfTools();
const LONG_MS = 180_000;

function majorOfTools(): number | null {
  try {
    return Number(/(\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1]);
  } catch {
    return null;
  }
}

async function ask<Row extends object>(url: string, text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const scratchDatabases = async () =>
  (
    await ask<{ name: string }>(
      serverUrl(),
      `SELECT datname AS name FROM pg_database WHERE datname LIKE 'livescore_check_%'`,
    )
  ).map(({ name }) => name);

describe('livescore backup and restore', () => {
  let folder: string;
  let server: number;
  let database: TestDatabase;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'livescore-backup-'));
    const [facts] = await ask<{ n: number }>(serverUrl(), `SELECT current_setting('server_version_num')::int AS n`);
    server = Math.floor((facts?.n ?? 0) / 10_000);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  let next = 0;
  const path = () => join(folder, `backup-${next++}`);
  const canRun = () => TOOLS !== null && TOOLS >= server;
  const cli = (url: string, ...argv: string[]) =>
    runCli(argv, { DATABASE_URL: url, USER: 'ada', PATH: process.env.PATH ?? '' });
  const backup = (to: string, ...argv: string[]) => cli(database.url, 'backup', to, '--json', ...argv);
  const restore = (from: string, ...argv: string[]) => cli(database.url, 'restore', from, '--yes', '--json', ...argv);

  it('names a tool that is not there', async () => {
    const env = { DATABASE_URL: database.url, PATH: folder };
    expect(await runCli(['backup', path()], env)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('pg_dump is not there: install the client tools of PostgreSQL'),
    });
  });

  it('names a tool that is too old for the server', async () => {
    if (TOOLS === null || canRun()) return expect(TOOLS === null || TOOLS >= server).toBe(true);
    expect(await backup(path())).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is older than the server'),
    });
  });

  it(
    'keeps rows, versions and facts, and reads them back',
    async () => {
      if (!canRun()) return expect(canRun()).toBe(false);
      await seed(database.url);
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
      expect(manifest.tables.find(({ name }) => name === 'ts_matches')).toMatchObject({ rows: 300, of: 'platform' });
      expect(manifest.tables.find(({ name }) => name === 'livescore_host')).toMatchObject({ rows: 0 });
      expect(manifest.functions.map(({ signature }) => signature)).toContain('public.livescore_foreign_writer()');
      expect(statSync(to).mode & 0o077).toBe(0);
      expect(readFileSync(join(to, 'manifest.json'), 'utf8')).not.toContain('postgres://');
      expect((await scratchDatabases()).filter((name) => !before.includes(name))).toEqual([]);
      expect(existsSync(`${to}.partial`)).toBe(false);
      expect(await backup(to)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is there already') });
    },
    LONG_MS,
  );

  it.each([
    ['of the package', false],
    ['of the package and of the platform', true],
  ])(
    'brings back dropped tables %s',
    async (_which, isAll) => {
      if (!canRun()) return expect(canRun()).toBe(false);
      await seed(database.url);
      const before = await contents(database.url);
      const to = path();
      await backup(to, '--no-check');
      await runSql(database.url, dropTables(isAll));
      const done = await restore(to);
      expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining('comparing with the manifest')]);
      expect(JSON.parse(done.stdout).created).toHaveLength(isAll ? before.tables.length : before.tables.length - 2);
      expect(await contents(database.url)).toEqual(before);
      expect((await cli(database.url, 'migrate', 'status')).exitCode).toBe(0);
    },
    LONG_MS,
  );

  it(
    'puts rows that changed back, leaves rows that came since, and keeps triggers away from both',
    async () => {
      if (!canRun()) return expect(canRun()).toBe(false);
      await seed(database.url);
      await runSql(database.url, `UPDATE livescore_setting SET value = 'protect' WHERE name = 'foreign_writer_mode'`);
      const to = path();
      await backup(to, '--no-check');
      const before = await contents(database.url);
      await runSql(
        database.url,
        `UPDATE ts_matches SET home_score_display = 9, score_version = 4711 WHERE external_id = 'm1';
       DELETE FROM ts_matches WHERE external_id = 'm2';
       INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ('since', 1, 1700000000);
       DELETE FROM livescore_pin; INSERT INTO livescore_pin (match_id, route, pinned_by) VALUES ('m9', 'legacy', 'x')`,
      );
      const done = await restore(to);
      expect(JSON.parse(done.stdout)).toMatchObject({
        created: expect.not.arrayContaining(['ts_matches']),
        written: { ts_matches: 2 },
        cameSince: { ts_matches: 1 },
      });
      await runSql(database.url, `DELETE FROM ts_matches WHERE external_id = 'since'`);
      expect(await contents(database.url)).toEqual(before);
      const triggers = await ask(
        database.url,
        `SELECT FROM pg_trigger WHERE tgrelid = 'ts_matches'::regclass AND NOT tgisinternal AND tgenabled <> 'O'`,
      );
      expect(triggers).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'changes nothing when an archive does not hold what its manifest says',
    async () => {
      if (!canRun()) return expect(canRun()).toBe(false);
      await seed(database.url);
      const to = path();
      await backup(to, '--no-check');
      const file = join(to, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      const pins = manifest.tables.find(({ name }: { name: string }) => name === 'livescore_pin');
      pins.checksum = '1';
      writeFileSync(file, JSON.stringify(manifest));
      await runSql(
        database.url,
        `DELETE FROM livescore_pin; UPDATE ts_matches SET note = 'mine' WHERE external_id = 'm1'`,
      );
      const before = await contents(database.url);
      expect(await restore(to)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('livescore_pin is not what it was in the backup'),
      });
      writeFileSync(join(to, 'livescore.dump'), readFileSync(join(to, 'livescore.dump')).subarray(0, 40_000));
      expect(await restore(to)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('pg_restore failed') });
      expect(await contents(database.url)).toEqual(before);
    },
    LONG_MS,
  );

  it(
    'is refused beside a host, one that stands by, too, and asks for the name of the database',
    async () => {
      if (!canRun()) return expect(canRun()).toBe(false);
      const to = path();
      await backup(to, '--no-check');
      await runSql(database.url, `UPDATE livescore_lease SET holder = 'a', expires_at = now() + interval '1 minute'`);
      expect(await restore(to)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('stop it first') });
      await runSql(
        database.url,
        `UPDATE livescore_lease SET expires_at = '-infinity';
       INSERT INTO livescore_host (host, key, facts) VALUES ('b', 'k', '{}')`,
      );
      expect(await restore(to)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('sign of life') });
      await runSql(database.url, 'DELETE FROM livescore_host');
      expect(await cli(database.url, 'restore', to)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/This restores the backup of .*\n?.*not confirmed/),
      });
    },
    LONG_MS,
  );

  it(
    'names the right that the check needs, and the tables that may not be read',
    async () => {
      if (!canRun()) return expect(canRun()).toBe(false);
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

describe('a match whose row was restored', () => {
  it(
    'goes on in a new epoch: no version that clients know is told again with another content',
    async () => {
      const rows = await PgScoreRows.open();
      const folder = mkdtempSync(join(tmpdir(), 'livescore-backup-'));
      try {
        const [facts] = await ask<{ n: number }>(rows.url, `SELECT current_setting('server_version_num')::int AS n`);
        if (TOOLS === null || TOOLS < Math.floor((facts?.n ?? 0) / 10_000)) return;
        await rows.insert('m');
        const before = await DirectPathOnPostgres.on(rows);
        await before.tell('m', { atS: T + 60, status: 2, home: slots(1), away: slots(0), kickoffS: T });
        const to = join(folder, 'b');
        const cli = (...argv: string[]) => runCli(argv, { DATABASE_URL: rows.url, PATH: process.env.PATH ?? '' });
        await cli('backup', to, '--no-check');
        await before.tell('m', { atS: T + 120, status: 2, home: slots(2), away: slots(0), kickoffS: T });
        await before.tell('m', { atS: T + 180, status: 2, home: slots(3), away: slots(0), kickoffS: T });
        const known = (await rows.journal('m')).at(-1);
        await before.stop();
        for (let n = 1; n <= 2; n++) {
          const done = await cli('restore', to, '--yes', '--json');
          expect([done.exitCode, done.stdout]).toEqual([0, expect.stringContaining('"newEpochs":1')]);
          expect(await rows.row('m')).toMatchObject({ score_version: '1', home_score_display: 1 });
        }
        const after = await DirectPathOnPostgres.on(rows);
        await after.tell('m', { atS: T + 240, status: 2, home: slots(2), away: slots(0), kickoffS: T });
        const newest = (await rows.journal('m')).at(-1);
        expect(newest).toMatchObject({ version: 2, source: 'mqtt' });
        expect(newest?.epoch).toBeGreaterThan(known?.epoch ?? 0);
        expect(after.told('m')).toContain('goal');
        await after.stop();
      } finally {
        rmSync(folder, { recursive: true, force: true });
        await rows.close();
      }
    },
    LONG_MS,
  );
});

const seed = (url: string) =>
  runSql(
    url,
    `INSERT INTO ts_matches (external_id, status_id, match_time, home_scores, away_scores, score_version, note)
       SELECT 'm' || n, 8, 1700000000, '[1,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', n, E'tab\\t line\\n back\\\\slash . \\\\.'
       FROM generate_series(1, 300) n;
     INSERT INTO livescore_journal (match_id, epoch, version, source, before, after, committed_at)
       SELECT 'm' || n, 0, n, 'mqtt', '{}', '{"status":8}', now() - interval '30 days' FROM generate_series(1, 300) n;
     INSERT INTO livescore_rollout (stage, percent, allow_matches, deny_matches, allow_competitions, deny_competitions, latched,
       changed_by, reason) VALUES ('canary', 7, '[]', '[]', '[]', '[]', false, 'ada', 'try');
     INSERT INTO livescore_pin (match_id, route, pinned_by) VALUES ('m1', 'direct', 'ada');
     INSERT INTO livescore_dead_letter (reason, topic, payload, received_at) VALUES ('malformed', 't', '\\x00ff0a', now())`,
  );

const TABLES = `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND (c.relname LIKE 'livescore_%' OR c.relname IN ('ts_matches', 'ai_predictions')) ORDER BY 1`;

function dropTables(isAll: boolean): string {
  const drop = `DO $$ DECLARE t name; BEGIN FOR t IN SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE 'livescore\\_%'
    LOOP EXECUTE 'DROP TABLE IF EXISTS ' || t || ' CASCADE'; END LOOP; END $$;`;
  return isAll
    ? `${drop} DROP TABLE ts_matches CASCADE; DROP TABLE ai_predictions CASCADE;
       DROP FUNCTION public.livescore_foreign_writer() CASCADE`
    : drop;
}

/** Every row as text, keys and triggers; what a restore changes on purpose left out: the lease. */
async function contents(url: string) {
  const tables = (await ask<{ name: string }>(url, TABLES)).map(({ name }) => name);
  const rows: Record<string, unknown> = {};
  for (const name of tables.filter((table) => table !== 'livescore_lease')) {
    rows[name] = await ask(url, `SELECT t::text AS row FROM ${name} t ORDER BY 1`);
  }
  const objects = await ask(
    url,
    `SELECT indexdef AS text FROM pg_indexes WHERE schemaname = 'public' UNION ALL
     SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL
     SELECT conrelid::regclass || ' ' || conname || CASE WHEN contype = 'c' THEN '' ELSE pg_get_constraintdef(oid) END
     FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`,
  );
  return { tables, rows, objects };
}
