import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../../examples/host/embedded/free-port.js';
import { eventually } from './eventually.js';

export interface Nginx {
  /** http://127.0.0.1:port */
  readonly url: string;
  stop(): Promise<void>;
}

const LIVE_PAGE = join('docs', 'live-http.md');
const STOP_TIMEOUT_MS = 3_000;
const CONNECTIONS = 20_000;
const TEMP_FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** For specs to say so when there is nothing to test against: `apt-get install nginx-light`. */
export function nginxInstalled(): boolean {
  return findBinary() !== undefined;
}

/**
 * Debian's nginx with the configuration of a page, in a folder of its own, on a free port.
 * @param origins two of them, http://127.0.0.1:port
 */
export async function startNginx(origins: readonly [string, string], page = LIVE_PAGE): Promise<Nginx> {
  const binary = findBinary();
  if (!binary) throw new Error('nginx is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'livescore-nginx-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  for (const name of [...TEMP_FOLDERS, 'cache']) mkdirSync(join(folder, name));
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(configuration, aroundOf(folder, pageConfiguration(page, folder, url, origins)));
  const log: string[] = [];
  const child = spawn(binary, ['-p', folder, '-c', configuration, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (chunk) => log.push(String(chunk)));
  child.once('error', (error) => log.push(error.message));
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(() => answers(url), { what: 'nginx to answer' });
  } catch (cause) {
    await stop();
    throw new Error(`nginx did not start:\n${log.join('').slice(-2_000)}`, { cause });
  }
  return { url, stop };
}

/** The page's own text with other addresses. */
function pageConfiguration(page: string, folder: string, url: string, [one, other]: readonly [string, string]): string {
  const [, text] = /^```nginx\n([\s\S]*?)^```$/m.exec(readFileSync(page, 'utf8')) ?? [];
  if (text === undefined) throw new Error(`${page} has no configuration of nginx`);
  return [
    ['127.0.0.1:3001', new URL(one).host],
    ['127.0.0.1:3002', new URL(other).host],
    ['127.0.0.1:8080', new URL(url).host],
    ['/var/cache/nginx/livescore', join(folder, 'cache')],
  ].reduce((made, [from, to]) => {
    const isCache = from?.startsWith('/') && page !== LIVE_PAGE;
    if (!made.includes(from as string) && !isCache) throw new Error(`${page} does not name ${from}`);
    return made.replaceAll(from as string, to as string);
  }, text);
}

function aroundOf(folder: string, page: string): string {
  const temporary = TEMP_FOLDERS.map((name) => `  ${name}_temp_path ${join(folder, name)};\n`).join('');
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  return `${user}daemon off;
worker_processes 1;
worker_rlimit_nofile ${CONNECTIONS + 1_000};
pid ${join(folder, 'nginx.pid')};
error_log stderr error;
events {
  worker_connections ${CONNECTIONS};
}
http {
  access_log off;
${temporary}${page}}
`;
}

function findBinary(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((name) => join(name, 'nginx')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(true));
    });
    asking.on('error', reject);
    asking.end();
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(late);
}
