import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import {
  livescoreMigrationStatus,
  livescoreMigrations,
  revertLivescoreMigration,
  runLivescoreMigrations,
} from '../../migrations/index.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { describeSchema } from './schema-description.js';

guardAgainstLeaks();

describe('livescore migrations', () => {
  let database: TestDatabase;
  let client: Client;
  const opened: DataSource[] = [];

  beforeEach(async () => {
    database = await createTestDatabase({ migrate: false });
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterEach(async () => {
    for (const dataSource of opened.splice(0)) await dataSource.destroy();
    await client.end();
    await database.drop();
  });

  async function open(options: Partial<Extract<DataSourceOptions, { type: 'postgres' }>> = {}): Promise<DataSource> {
    const dataSource = await new DataSource({ type: 'postgres', url: database.url, ...options }).initialize();
    opened.push(dataSource);
    return dataSource;
  }

  async function one<T>(sql: string): Promise<T> {
    const { rows } = await client.query(sql);
    return rows[0] as T;
  }

  it('run on a fresh platform database, and a second time change nothing', async () => {
    const dataSource = await open();
    expect(await runLivescoreMigrations(dataSource)).toEqual(livescoreMigrations.map(({ name }) => name));
    const first = await describeSchema(client);
    expect(await runLivescoreMigrations(dataSource)).toEqual([]);
    expect(await describeSchema(client)).toEqual(first);
    expect(await livescoreMigrationStatus(dataSource)).toEqual(
      livescoreMigrations.map(({ name }) => ({ name, ran: true })),
    );
  });

  it('are idempotent also when nothing remembers that they ran', async () => {
    const dataSource = await open();
    await runLivescoreMigrations(dataSource);
    await client.query(`UPDATE livescore_setting SET value = 'observe'`);
    const first = await describeSchema(client);
    await client.query('DELETE FROM livescore_migrations');
    expect(await runLivescoreMigrations(dataSource)).toHaveLength(livescoreMigrations.length);
    expect(await describeSchema(client)).toEqual(first);
    expect(await one('SELECT value FROM livescore_setting')).toEqual({ value: 'observe' });
  });

  it('go down to exactly the platform schema and up again', async () => {
    const before = await describeSchema(client);
    const dataSource = await open();
    await runLivescoreMigrations(dataSource);
    const migrated = await describeSchema(client);
    const reverted: (string | null)[] = [];
    for (
      let last = await revertLivescoreMigration(dataSource);
      last;
      last = await revertLivescoreMigration(dataSource)
    ) {
      reverted.push(last);
    }
    expect(reverted).toEqual(livescoreMigrations.map(({ name }) => name).reverse());
    expect(await describeSchema(client)).toEqual(before);
    await runLivescoreMigrations(dataSource);
    expect(await describeSchema(client)).toEqual(migrated);
  });

  it.each(['all', 'each', 'none'] as const)(
    "run as part of a host's own migrations in transaction mode %s",
    async (mode) => {
      const host = await open({ migrations: livescoreMigrations, migrationsTransactionMode: mode });
      await host.runMigrations();
      expect(await one('SELECT value FROM livescore_setting')).toEqual({ value: 'off' });
      for (const _ of livescoreMigrations) await host.undoLastMigration();
      expect(await one(`SELECT to_regclass('livescore_setting') AS found`)).toEqual({ found: null });
    },
  );

  it('take turns when two instances start together', async () => {
    const results = await Promise.all([await open(), await open()].map(runLivescoreMigrations));
    expect(results.flat()).toEqual(livescoreMigrations.map(({ name }) => name));
  });

  it('leave the settings of a surrounding transaction as they were', async () => {
    const runner = (await open()).createQueryRunner();
    await runner.startTransaction();
    await runner.query(`SET LOCAL lock_timeout = '7s'; SET LOCAL statement_timeout = '9s'`);
    for (const Migration of livescoreMigrations) await new Migration().up(runner);
    expect(await runner.query('SHOW lock_timeout')).toEqual([{ lock_timeout: '7s' }]);
    expect(await runner.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '9s' }]);
    await runner.rollbackTransaction();
    await runner.release();
  });

  it('do not rewrite 100,000 rows and add no index to ts_matches', async () => {
    await client.query(`INSERT INTO ts_matches (external_id, status_id, home_scores, away_scores)
      SELECT 'm' || n, 4, '[1,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]' FROM generate_series(1, 100000) n`);
    const file = `SELECT pg_relation_filenode('ts_matches') AS node,
      (SELECT count(*) FROM pg_index WHERE indrelid = 'ts_matches'::regclass) AS indexes`;
    const before = await one(file);
    await runLivescoreMigrations(await open());
    expect(await one(file)).toEqual(before);
    expect(await one(`SELECT min(score_version) AS low, max(score_version) AS high FROM ts_matches`)).toEqual({
      low: '0',
      high: '0',
    });
  }, 180_000);

  it('go to the schema in which the search path finds ts_matches', async () => {
    await client.query('CREATE SCHEMA "Live"; ALTER TABLE ts_matches SET SCHEMA "Live"');
    await client.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET search_path = "Live", public`);
    await runLivescoreMigrations(await open());
    expect(await one(`SELECT to_regclass('"Live".livescore_journal') IS NOT NULL AS found`)).toEqual({ found: true });
  });

  it('work on a platform table that lacks optional columns', async () => {
    await client.query(`DROP INDEX idx_ts_matches_overtime_kickoff;
      ALTER TABLE ts_matches DROP COLUMN overtime_kickoff_ts, DROP COLUMN home_corners, DROP COLUMN status_id_timestamp`);
    await runLivescoreMigrations(await open());
    await client.query(`UPDATE livescore_setting SET value = 'observe'`);
    await client.query(`INSERT INTO ts_matches (external_id, status_id) VALUES ('m', 2)`);
    await client.query(`UPDATE ts_matches SET status_id = 3`);
    expect(await one(`SELECT after -> 'kickoffs' AS kickoffs FROM livescore_journal`)).toEqual({
      kickoffs: [null, null, null],
    });
  });

  it('say what is wrong with a database that is not the platform', async () => {
    await runSql(database.url, 'DROP TABLE ts_matches');
    const dataSource = await open();
    await expect(runLivescoreMigrations(dataSource)).rejects.toMatchObject({
      code: 'LIVESCORE_PLATFORM_TABLE_MISSING',
      message: expect.stringContaining('run the livescore migrations on the platform database'),
    });
    expect(await one(`SELECT to_regclass('livescore_migrations') AS found`)).toEqual({ found: null });
    for (const Migration of livescoreMigrations) {
      const runner = dataSource.createQueryRunner();
      await expect(new Migration().down(runner)).rejects.toMatchObject({ code: 'LIVESCORE_PLATFORM_TABLE_MISSING' });
      await runner.release();
    }
  });

  it("refuse a column of our name that is another's", async () => {
    await client.query('ALTER TABLE ts_matches ADD COLUMN score_version text');
    const before = await describeSchema(client);
    await expect(runLivescoreMigrations(await open())).rejects.toMatchObject({
      code: 'LIVESCORE_FOREIGN_COLUMN',
      details: { column: 'score_version', expected: 'bigint', received: 'text' },
    });
    expect(await describeSchema(client)).toEqual(before);
  });

  it('refuse a data source of another database', async () => {
    const mysql = { options: { type: 'mysql' } } as unknown as DataSource;
    await expect(runLivescoreMigrations(mysql)).rejects.toMatchObject({ code: 'LIVESCORE_UNSUPPORTED_DATABASE' });
  });

  it('explain every column they add to ts_matches', async () => {
    await runLivescoreMigrations(await open());
    const { rows } = await client.query(`
      SELECT attname FROM pg_attribute
       WHERE attrelid = 'ts_matches'::regclass AND col_description(attrelid, attnum) LIKE 'livescore: %' ORDER BY 1`);
    expect(rows.map(({ attname }) => attname)).toEqual([
      'kickoff_source',
      'score_protected_until',
      'score_pulled_at',
      'score_reached',
      'score_seen_at',
      'score_version',
    ]);
  });
});
