import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ask,
  contentsOf,
  dropTables,
  itWithTools,
  LONG_MS,
  pathWith,
  SERVER,
  seedBackup,
} from '../support/backup-tools.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { DirectPathOnPostgres } from '../support/direct-path-on-postgres.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

describe('livescore restore', () => {
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
  const restore = (from: string, ...argv: string[]) => cli(database.url, 'restore', from, '--yes', '--json', ...argv);

  itWithTools.each([
    ['of the package', false],
    ['of the package and of the platform', true],
  ])(
    'brings back dropped tables %s',
    async (_which, isAll) => {
      await seedBackup(database.url);
      const before = await contentsOf(database.url);
      const to = path();
      await backup(to, '--no-check');
      await dropTables(database.url, isAll);
      const done = await restore(to);
      expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining('comparing with the manifest')]);
      expect(JSON.parse(done.stdout).created).toHaveLength(isAll ? before.tables.length : before.tables.length - 2);
      expect(await contentsOf(database.url)).toEqual(before);
      expect((await cli(database.url, 'migrate', 'status')).exitCode).toBe(0);
    },
    LONG_MS,
  );

  itWithTools(
    'puts rows that changed back, leaves rows that came since, and keeps triggers away from both',
    async () => {
      await seedBackup(database.url);
      await runSql(database.url, `UPDATE livescore_setting SET value = 'protect' WHERE name = 'foreign_writer_mode'`);
      const to = path();
      await backup(to, '--no-check');
      const before = await contentsOf(database.url);
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
      expect(await contentsOf(database.url)).toEqual(before);
      const triggers = await ask(
        database.url,
        `SELECT FROM pg_trigger WHERE tgrelid = 'ts_matches'::regclass AND NOT tgisinternal AND tgenabled <> 'O'`,
      );
      expect(triggers).toEqual([]);
    },
    LONG_MS,
  );

  itWithTools(
    'changes nothing when an archive does not hold what its manifest says',
    async () => {
      await seedBackup(database.url);
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
      const before = await contentsOf(database.url);
      expect(await restore(to)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('livescore_pin is not what it was in the backup'),
      });
      writeFileSync(join(to, 'livescore.dump'), readFileSync(join(to, 'livescore.dump')).subarray(0, 40_000));
      expect(await restore(to)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('pg_restore failed') });
      expect(await contentsOf(database.url)).toEqual(before);
    },
    LONG_MS,
  );

  itWithTools(
    'leaves a table alone that the backup does not hold, and says so',
    async () => {
      const to = path();
      await backup(to, '--no-check');
      await runSql(database.url, `CREATE TABLE livescore_notes AS SELECT 'mine' AS note`);
      expect(await restore(to)).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('The backup does not hold livescore_notes: left as it is.'),
      });
      expect(await ask(database.url, 'SELECT note FROM livescore_notes')).toEqual([{ note: 'mine' }]);
    },
    LONG_MS,
  );

  itWithTools(
    'brings matches back before what refers to them, and leaves a trigger that fires always as it was',
    async () => {
      await runSql(
        database.url,
        `INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ('m1', 1, 1700000000);
         INSERT INTO ai_predictions (external_id, canonical_bot_name, home_team_name, away_team_name, match_id)
           VALUES ('p1', 'bot', 'a', 'b', 'm1');
         ALTER TABLE ai_predictions ADD CONSTRAINT of_match FOREIGN KEY (match_id) REFERENCES ts_matches (external_id);
         CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'fired'; END $$;
         CREATE TRIGGER always BEFORE INSERT ON ts_matches FOR EACH ROW EXECUTE FUNCTION refused();
         ALTER TABLE ts_matches ENABLE ALWAYS TRIGGER always`,
      );
      const before = await contentsOf(database.url);
      const to = path();
      await backup(to, '--no-check');
      await runSql(database.url, 'DELETE FROM ai_predictions; DELETE FROM ts_matches');
      const done = await restore(to);
      expect([done.exitCode, done.stderr]).toEqual([0, expect.not.stringContaining('failed')]);
      const after = await contentsOf(database.url);
      for (const name of ['ts_matches', 'ai_predictions']) expect(after.rows[name]).toEqual(before.rows[name]);
      expect(after.objects).toEqual(before.objects);
    },
    LONG_MS,
  );

  itWithTools(
    'names a match that was deleted and made again with another id',
    async () => {
      const make = `INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ('m7', 1, 1700000000)`;
      await runSql(database.url, make);
      const to = path();
      await backup(to, '--no-check');
      await runSql(database.url, `DELETE FROM ts_matches; ${make}`);
      const before = await contentsOf(database.url);
      expect(await restore(to)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('deleted and made again since the backup: external_id m7 has another id there'),
      });
      expect(await contentsOf(database.url)).toEqual(before);
    },
    LONG_MS,
  );

  itWithTools(
    'names a tool that is too new for the server, before it asks',
    async () => {
      const to = path();
      await backup(to, '--no-check');
      const PATH = pathWith(
        join(folder, 'new'),
        'pg_restore',
        `[ "$1" = --version ] && echo 'pg_restore (PostgreSQL) 17.2' || exec real "$@"`,
      );
      const done = await runCli(['restore', to], { DATABASE_URL: database.url, PATH });
      const expected = SERVER < 17 ? 'pg_restore 17.2 writes SET transaction_timeout' : 'not confirmed';
      expect(done).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(expected) });
    },
    LONG_MS,
  );

  it('wants a path that is not blank', async () => {
    expect(await cli(database.url, 'restore', ' ')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('say what: livescore restore PATH'),
    });
  });

  itWithTools(
    'is refused beside a host, one that stands by, too, and asks for the name of the database',
    async () => {
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
});

describe('a match whose row was restored', () => {
  itWithTools(
    'goes on in a new epoch: no version that clients know is told again with another content',
    async () => {
      const rows = await PgScoreRows.open();
      const folder = mkdtempSync(join(tmpdir(), 'livescore-backup-'));
      try {
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
