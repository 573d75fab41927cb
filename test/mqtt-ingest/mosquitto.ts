import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { freePort } from '../../examples/host/embedded/free-port.js';
import { eventually } from '../support/eventually.js';

const PROGRAM = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) =>
  existsSync(path),
);

/** Without it the specs run against the broker in this process only, which knows MQTT 3.1.1. */
export const mosquittoIsInstalled = PROGRAM !== undefined;

export interface Mosquitto {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Mosquitto of its own, on a free port, with room for a window of 1,000. */
export async function startMosquitto(): Promise<Mosquitto> {
  if (!PROGRAM) throw new Error('mosquitto is not installed');
  const directory = await mkdtemp(join(tmpdir(), 'livescore-mosquitto-'));
  const config = join(directory, 'mosquitto.conf');
  const port = await freePort();
  const settings = ['allow_anonymous true', 'persistence false', 'max_inflight_messages 1000', 'max_queued_messages 0'];
  await writeFile(config, [`listener ${port} 127.0.0.1`, ...settings, ''].join('\n'));
  const broker = spawn(PROGRAM, ['-c', config], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => broker.once('exit', () => resolve()));
  const url = `mqtt://127.0.0.1:${port}`;
  await eventually(async () => (await connectAsync(url, { reconnectPeriod: 0 }, false)).endAsync().then(() => true), {
    what: 'Mosquitto to answer',
  });
  return {
    url,
    stop: async () => {
      broker.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
