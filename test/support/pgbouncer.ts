import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../examples/host/embedded/free-port.js';
import { eventually } from './eventually.js';

export interface PgBouncer {
  /** the given database, through the pooler */
  readonly url: string;
  stop(): Promise<void>;
}

/** PgBouncer refuses to run as root. */
const NOBODY = 65_534;
const STOP_TIMEOUT_MS = 3000;

/**
 * Debian's pgbouncer in front of the server of `databaseUrl`, in transaction mode, two server connections per database.
 * @returns null when the machine has none: `apt-get install pgbouncer`
 */
export async function startPgBouncer(
  databaseUrl: string,
  { poolSize = 2 }: { poolSize?: number } = {},
): Promise<PgBouncer | null> {
  const binary = findBinary();
  if (!binary) return null;
  const directory = mkdtempSync(join(tmpdir(), 'livescore-pgbouncer-'));
  const port = await freePort();
  const configuration = join(directory, 'pgbouncer.ini');
  writeFileSync(configuration, configurationText(new URL(databaseUrl), port, poolSize), { mode: 0o600 });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const path of [directory, configuration]) chownSync(path, NOBODY, NOBODY);

  const log: string[] = [];
  const child = spawn(binary, [configuration], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  child.stderr?.on('data', (chunk) => log.push(String(chunk)));
  child.once('error', (error) => log.push(error.message));
  const stop = async () => {
    await end(child);
    rmSync(directory, { recursive: true, force: true });
  };
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  try {
    await eventually(() => answers(url.href), { what: 'pgbouncer to answer' });
  } catch (cause) {
    await stop();
    throw new Error(`pgbouncer did not start:\n${log.join('').slice(-2000)}`, { cause });
  }
  return { url: url.href, stop };
}

function configurationText(server: URL, port: number, poolSize: number): string {
  const password = server.password ? ` password='${decodeURIComponent(server.password).replaceAll("'", "''")}'` : '';
  return `[databases]
* = host=${server.hostname} port=${server.port || 5432} user=${decodeURIComponent(server.username) || 'postgres'}${password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
`;
}

/** For specs to say so when there is nothing to test against. */
export function pgBouncerInstalled(): boolean {
  return findBinary() !== undefined;
}

function findBinary(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(late);
}
