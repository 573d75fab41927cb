import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { runLivescoreMigrations } from '../../migrations/index.js';
import { openDatabase } from '../../migrations/open-database.js';
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
  await runSql(server, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database: TestDatabase = {
    url: url.href,
    drop: () => runSql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
  try {
    if (platformSchema) await runSql(database.url, platformSchemaSql);
    if (migrate) await migrateDatabase(database.url);
  } catch (error) {
    await database.drop();
    throw error;
  }
  return database;
}

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

async function migrateDatabase(url: string): Promise<void> {
  const dataSource = await openDatabase(url);
  try {
    await runLivescoreMigrations(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
