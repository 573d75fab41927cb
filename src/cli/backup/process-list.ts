import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../command.js';
import type { KeptProcess } from './manifest.js';
import { variableNames } from './variable-names.js';

const ANSWER_WITHIN_MS = 3_000;
const MOST_BYTES = 16_777_216;
const MOST_PROCESSES = 100;

/**
 * What PM2 runs, within three seconds; null where it runs nothing. Its daemon is not started by the question.
 */
export async function processList(env: Environment): Promise<readonly KeptProcess[] | null> {
  if (!isDaemonRunning(env)) return null;
  try {
    const { stdout } = await promisify(execFile)('pm2', ['jlist'], {
      env: { ...process.env, ...env },
      timeout: ANSWER_WITHIN_MS,
      maxBuffer: MOST_BYTES,
    });
    // What PM2 has to say of itself stands before the list.
    const list: unknown = JSON.parse(stdout.slice(stdout.indexOf('[{')));
    return Array.isArray(list) ? list.slice(0, MOST_PROCESSES).map(toProcess) : null;
  } catch {
    return null;
  }
}

function isDaemonRunning({ PM2_HOME }: Environment): boolean {
  try {
    const home = PM2_HOME ?? process.env.PM2_HOME ?? join(homedir(), '.pm2');
    process.kill(Number.parseInt(readFileSync(join(home, 'pm2.pid'), 'utf8'), 10), 0);
    return true;
  } catch {
    return false;
  }
}

function toProcess(entry: {
  readonly name?: unknown;
  readonly pm2_env?: Readonly<Record<string, unknown>>;
}): KeptProcess {
  const env = entry.pm2_env ?? {};
  return {
    name: String(entry.name),
    status: String(env.status),
    mode: String(env.exec_mode),
    restarts: Number(env.restart_time ?? 0),
    environment: variableNames(env),
  };
}
