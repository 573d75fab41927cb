import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { freePort } from '../examples/host/embedded/free-port.js';
import type { Service } from './service.js';

const START_TIMEOUT_MS = 30_000;
/**
 * Room for what is on its way to a subject: the default queue of 1,000 would drop messages. And no Nagle: whoever
 * acknowledges after its work would else wait for the next message until the one before is acknowledged.
 */
const SETTINGS = [
  'allow_anonymous true',
  'max_inflight_messages 1000',
  'max_queued_messages 100000',
  'set_tcp_nodelay true',
  'persistence false',
];

/** A Mosquitto of the bench's own, with room for a window; null when none is installed. */
export async function startMosquitto(): Promise<Service | null> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'livescore-bench-broker-'));
  const config = join(directory, 'mosquitto.conf');
  await writeFile(config, [`listener ${port} 127.0.0.1`, ...SETTINGS, ''].join('\n'));
  const child = spawn('mosquitto', ['-c', config], { stdio: 'ignore', env: withSbin() });
  const failed = new Promise<false>((resolve) => child.once('error', () => resolve(false)));
  const url = `mqtt://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) {
      child.kill();
      await once(child, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  };
  if (await Promise.race([failed, answers(url)])) return { url, kind: 'mosquitto of its own, window 1,000', stop };
  await stop();
  return null;
}

async function answers(url: string): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    try {
      const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 500 }, false);
      await client.endAsync();
      return true;
    } catch {
      await sleep(50);
    }
  }
  return false;
}

/** Debian keeps it where only root looks. */
function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin` };
}
