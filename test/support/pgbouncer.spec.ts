import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type ClientConfig } from 'pg';
import { DataSource } from 'typeorm';
import { livescoreMigrations, runLivescoreMigrations } from '../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { guardAgainstLeaks } from './leak-guard.js';
import { type PgBouncer, pgBouncerInstalled, startPgBouncer } from './pgbouncer.js';

guardAgainstLeaks();

if (pgBouncerInstalled()) describe('a transaction pooler', transactionPooler);
else {
  it('is not tested: this machine has no pgbouncer (apt-get install pgbouncer)', async () => {
    expect(await startPgBouncer('postgres://localhost/postgres')).toBeNull();
  });
}

/** What the writer has to live with, so that a newer pooler which behaves otherwise is noticed. */
function transactionPooler(): void {
  let database: TestDatabase;
  let pooler: PgBouncer;
  const clients: Client[] = [];

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: false });
    const started = await startPgBouncer(database.url);
    if (!started) throw new Error('pgbouncer was removed while the specs ran');
    pooler = started;
  });

  afterAll(async () => {
    await pooler.stop();
    await database.drop();
  });

  async function connect(options: ClientConfig = {}): Promise<Client> {
    const client = new Client({ connectionString: pooler.url, ...options });
    await client.connect();
    clients.push(client);
    return client;
  }

  async function closeAll(): Promise<void> {
    for (const client of clients.splice(0)) await client.end();
  }

  it('fails named statements that another client prepared, or that are on another server connection', async () => {
    const named = { name: 'same', text: 'SELECT 1 AS one' };
    const [a, b, busy] = [await connect(), await connect(), await connect()];
    expect((await a.query(named)).rows).toEqual([{ one: 1 }]);
    await expect(b.query(named)).rejects.toMatchObject({
      code: '42P05',
      message: 'prepared statement "same" already exists',
    });
    await busy.query('BEGIN'); // takes the server connection that has the statement
    await expect(a.query(named)).rejects.toMatchObject({
      code: '26000',
      message: 'prepared statement "same" does not exist',
    });
    await busy.query('COMMIT');
    expect((await b.query('SELECT $1::int AS one', [1])).rows).toEqual([{ one: 1 }]);
    await closeAll();
  });

  it.each([
    ['statement_timeout', { statement_timeout: 2000 }],
    ['options', { options: '-c statement_timeout=2000' }],
  ])('refuses the startup parameter %s', async (parameter, options) => {
    const client = new Client({ connectionString: pooler.url, ...options });
    await expect(client.connect()).rejects.toMatchObject({
      code: '08P01',
      message: `unsupported startup parameter: ${parameter}`,
    });
    await client.end();
  });

  it('takes a statement timeout that is local to a transaction', async () => {
    const client = await connect();
    await client.query(`BEGIN; SET LOCAL statement_timeout = '20ms'`);
    await expect(client.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' });
    await client.query('ROLLBACK');
    expect((await client.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
    await closeAll();
  });

  it('lets the migrations through', async () => {
    const dataSource = await new DataSource({ type: 'postgres', url: pooler.url }).initialize();
    expect(await runLivescoreMigrations(dataSource)).toHaveLength(livescoreMigrations.length);
    await dataSource.destroy();
  });
}
