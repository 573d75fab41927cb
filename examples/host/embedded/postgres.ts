import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EmbeddedService } from './embedded-service.js';
import { freePort } from './free-port.js';
import { postgresBinaries, serverAccount } from './postgres-binaries.js';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 3_000;

/**
 * A PostgreSQL server of its own in a temporary directory, on a free port of the loopback address. Its data is
 * thrown away at the end, so it does not wait for the disk unless `waitForDisk` asks for the cost of a real one.
 * It trusts local clients: `postgres` without a password.
 */
export async function startEmbeddedPostgres({ waitForDisk = false } = {}): Promise<EmbeddedService> {
  const base = mkdtempSync(join(tmpdir(), 'livescore-postgres-'));
  const remove = () => rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  try {
    const account = serverAccount();
    chmodSync(base, 0o755);
    const data = join(base, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (account) chownSync(data, account.uid, account.gid);

    const bin = postgresBinaries(base, account);
    const port = await freePort();
    const runAs = { ...account, cwd: base, env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' } };
    await promisify(execFile)(
      join(bin, 'initdb'),
      ['--pgdata', data, '--username=postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
      { ...runAs, timeout: START_TIMEOUT_MS },
    );
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
    if (!waitForDisk) settings.push('fsync=off', 'full_page_writes=off');
    const server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      // A group of its own: a Ctrl-C in the terminal must not end the database before the application has drained.
      { ...runAs, stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    // For a process that ends without stopping it: nothing can be awaited then.
    const abandon = () => {
      server.kill('SIGQUIT');
      remove();
    };
    process.once('exit', abandon);
    await accepting(server);

    let stopped: Promise<void> | null = null;
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      stop: () => {
        process.off('exit', abandon);
        stopped ??= end(server).then(remove);
        return stopped;
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function accepting(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (what: string) => {
      clearTimeout(timer);
      server.kill('SIGQUIT');
      reject(new Error(`The embedded PostgreSQL ${what}: ${said.slice(-500)}`));
    };
    const timer = setTimeout(() => fail(`did not start in ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    const ended = () => fail('ended at its start');
    server.once('error', (error) => fail(error.message));
    server.once('exit', ended);
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
      if (!said.includes('ready to accept connections')) return;
      clearTimeout(timer);
      server.off('exit', ended);
      resolve();
    });
  });
}

/** SIGINT is PostgreSQL's fast shutdown: open sessions are ended, then it stops. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
