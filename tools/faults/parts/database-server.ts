import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../examples/host/embedded/postgres.js';

const LOCAL_DATABASE = 'postgres://postgres@127.0.0.1:5432/postgres';
const REACHABLE_TIMEOUT_MS = 3_000;

export interface DatabaseServer {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

/** DATABASE_URL, else the one on PostgreSQL's own port, else an embedded one. */
export async function findDatabaseServer(): Promise<DatabaseServer> {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, version: await versionOf(given), stop: async () => undefined };
  const local = await versionOf(LOCAL_DATABASE).catch(() => null);
  if (local) return { url: LOCAL_DATABASE, version: local, stop: async () => undefined };
  const embedded = await startEmbeddedPostgres({ waitForDisk: true });
  return { url: embedded.url, version: await versionOf(embedded.url), stop: () => embedded.stop() };
}

async function versionOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: REACHABLE_TIMEOUT_MS });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT current_setting('server_version') AS version`);
    return rows[0].version;
  } finally {
    await client.end();
  }
}
