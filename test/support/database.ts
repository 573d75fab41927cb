import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { platformSchemaSql } from '../../src/testing/platform-schema.js';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database, even under connections that were left open. */
  drop(): Promise<void>;
}

/** A fresh database on the test server: platform schema applied and, unless told otherwise, our migrations run. */
export async function createTestDatabase({
  migrate = true,
  platformSchema = true,
}: {
  migrate?: boolean;
  platformSchema?: boolean;
} = {}): Promise<TestDatabase> {
  const server = serverUrl();
  const name = `livescore_test_${randomBytes(6).toString('hex')}`;
  const url = urlOf(name);
  const database: TestDatabase = {
    url,
    drop: () => runSql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
  const { LIVESCORE_TEST_RUN: run } = process.env;
  if (run && migrate && platformSchema) {
    await runSql(server, `CREATE DATABASE ${name} TEMPLATE ${await migratedTemplate(run)}`);
    await runSql(url, OWN_CLIENT_ID);
    return database;
  }
  await createEmptyDatabase(name);
  try {
    if (platformSchema) await runSql(url, platformSchemaSql);
    if (migrate) await migrateDatabase(url);
  } catch (error) {
    await database.drop();
    throw error;
  }
  return database;
}

/** Copies of one database must not take the feed's session from each other on a shared broker. */
const OWN_CLIENT_ID = `UPDATE livescore_lease SET client_id = 'livescore' || substr(md5(random()::text), 1, 12)`;

/** Migrated once in a run of jest, by whichever worker comes first; its global teardown drops it. Programs have none. */
async function migratedTemplate(run: string): Promise<string> {
  const name = `livescore_test_template_${run}`;
  const client = new Client({ connectionString: serverUrl(), connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [name]);
    if (rowCount === 0) await createTemplate(name);
  } finally {
    await client.end();
  }
  return name;
}

/** A template from the moment it is complete: one that failed half-way is made anew. */
async function createTemplate(name: string): Promise<void> {
  await runSql(serverUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await createEmptyDatabase(name);
  await runSql(urlOf(name), platformSchemaSql);
  await migrateDatabase(urlOf(name));
  await runSql(serverUrl(), `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`);
}

const createEmptyDatabase = (name: string): Promise<void> =>
  runSql(serverUrl(), `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);

const urlOf = (name: string): string => Object.assign(new URL(serverUrl()), { pathname: `/${name}` }).href;

/** The server that jest's global setup chose: DATABASE_URL, or the embedded one. */
export function serverUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set: run this spec through jest, its global setup sets it');
  return url;
}

/** Runs one script (simple protocol, several statements allowed) on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Loads the migrations, and TypeORM with them, only where they are run: most specs copy the template. */
async function migrateDatabase(url: string): Promise<void> {
  const { openDatabase } = await import('../../migrations/open-database.js');
  const { runLivescoreMigrations } = await import('../../migrations/index.js');
  const dataSource = await openDatabase(url);
  try {
    await runLivescoreMigrations(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
