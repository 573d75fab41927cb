import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { livescoreMigrations, runLivescoreMigrations } from '../../migrations/index.js';
import { withLockRetries } from '../../migrations/lock-retries.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

describe('migrations on a table in use', () => {
  let database: TestDatabase;
  let holder: Client;
  let writer: Client;
  let observer: Client;
  let dataSource: DataSource;

  // Every retry is logged as a warning: here they are what is asked for.
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['error', 'warn', 'log']));

  beforeEach(async () => {
    database = await createTestDatabase({ migrate: false });
    await runSql(database.url, `INSERT INTO ts_matches (external_id, minute) VALUES ('held', 1), ('free', 1)`);
    [holder, writer, observer] = await Promise.all([connect('holder'), connect('writer'), connect('observer')]);
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      applicationName: 'migration',
    }).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await Promise.all([holder.end(), writer.end(), observer.end()]);
    await database.drop();
  });

  async function connect(name: string): Promise<Client> {
    const client = new Client({ connectionString: database.url, application_name: name });
    await client.connect();
    return client;
  }

  async function waitsForLock(name: string): Promise<boolean> {
    const { rows } = await observer.query(
      `SELECT 1 FROM pg_stat_activity
        WHERE application_name = $1 AND wait_event_type = 'Lock' AND datname = current_database()`,
      [name],
    );
    return rows.length > 0;
  }

  const scoreColumnExists = async () => {
    const { rows } = await observer.query(
      `SELECT 1 FROM pg_attribute WHERE attrelid = 'ts_matches'::regclass AND attname = 'score_version'`,
    );
    return rows.length > 0;
  };

  it.each([
    ['a row', `UPDATE ts_matches SET minute = 2 WHERE external_id = 'held'`],
    ['the table', 'LOCK TABLE ts_matches IN SHARE ROW EXCLUSIVE MODE'],
  ])('give way to a transaction that holds %s, and succeed when it ends', async (what, hold) => {
    await holder.query('BEGIN');
    await holder.query(hold);
    const migration = runLivescoreMigrations(dataSource);
    await eventually(() => waitsForLock('migration'), { what: 'the migration at the lock' });

    // Readers queue behind the waiting migration, writers too where the holder lets them.
    const traffic =
      what === 'a row'
        ? writer.query(`UPDATE ts_matches SET minute = 3 WHERE external_id = 'free'`)
        : writer.query(`SELECT minute FROM ts_matches WHERE external_id = 'free'`);
    await traffic; // ends although the holder still holds: the migration's attempt gave up
    expect(await scoreColumnExists()).toBe(false);

    await holder.query('COMMIT');
    expect(await migration).toHaveLength(livescoreMigrations.length);
    expect(await scoreColumnExists()).toBe(true);
  });

  it.each(['a transaction of its own', 'a surrounding transaction'])(
    'give up after the last attempt with everything as it was: in %s',
    async (where) => {
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE ts_matches IN ACCESS SHARE MODE');
      const runner = dataSource.createQueryRunner();
      if (where === 'a surrounding transaction') await runner.startTransaction();
      let attempts = 0;
      const work = async () => {
        attempts += 1;
        await runner.query('CREATE TABLE public.half_done ()');
        await runner.query('ALTER TABLE public.ts_matches ADD COLUMN score_version bigint');
      };
      await expect(withLockRetries(runner, work, { attempts: 3, lockTimeoutMs: 30 })).rejects.toMatchObject({
        code: 'LIVESCORE_MIGRATION_LOCKED',
        details: { attempts: 3, lockTimeoutMs: 30 },
      });
      expect(attempts).toBe(3);
      expect(await runner.query(`SELECT to_regclass('half_done') AS found`)).toEqual([{ found: null }]);
      expect(runner.isTransactionActive).toBe(where === 'a surrounding transaction');
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
      await holder.query('ROLLBACK');
    },
  );

  it('do not repeat a statement that failed for another reason', async () => {
    const runner = dataSource.createQueryRunner();
    let attempts = 0;
    await expect(
      withLockRetries(runner, async () => {
        attempts += 1;
        await runner.query('ALTER TABLE public.ts_matches ADD COLUMN minute integer');
      }),
    ).rejects.toMatchObject({ code: '42701' });
    expect(attempts).toBe(1);
    await runner.release();
  });
});
