import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually } from '../../../test/support/eventually.js';
import { steadyPort } from './steady-port.js';

/** `for-the-window`: everything a slow reader leaves is kept. `small`: Mosquitto's own defaults. */
export type BrokerQueue = 'for-the-window' | 'small';

const LIMITS: Readonly<Record<BrokerQueue, string>> = {
  'for-the-window': 'max_inflight_messages 1000\nmax_queued_messages 1000000\n',
  small: 'max_inflight_messages 20\nmax_queued_messages 1000\n',
};
const STOP_TIMEOUT_MS = 10_000;

/** A broker of our own: its sessions survive a restart. */
export class Mosquitto {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly directory: string,
    readonly port: number,
  ) {}

  /** @param logFile in a folder where Mosquitto's own user may write */
  static async start(queue: BrokerQueue, logFile: string): Promise<Mosquitto> {
    const directory = mkdtempSync(join(tmpdir(), 'livescore-faults-broker-'));
    // as root, Mosquitto turns into its own user before it writes
    chmodSync(directory, 0o777);
    const broker = new Mosquitto(directory, await steadyPort());
    writeFileSync(
      join(directory, 'mosquitto.conf'),
      `listener ${broker.port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location ${directory}/
log_dest file ${logFile}
${LIMITS[queue]}`,
    );
    await broker.up();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Ends in order, as a deployment would, and keeps what its clients have not acknowledged. */
  async down(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    child.kill('SIGTERM');
    await exited.catch(() => child.kill('SIGKILL'));
  }

  async up(): Promise<void> {
    const child = spawn(binary() ?? 'mosquitto', ['-c', join(this.directory, 'mosquitto.conf')], { stdio: 'ignore' });
    this.child = child;
    child.once('error', () => undefined);
    await eventually(() => answers(this.port), { what: `mosquitto on port ${this.port}`, timeoutMs: 15_000 });
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** null when the machine has none: `apt-get install mosquitto` */
export function mosquittoVersion(): string | null {
  const path = binary();
  if (!path) return null;
  const { stdout } = spawnSync(path, ['-h'], { encoding: 'utf8' });
  return /mosquitto version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
}

function binary(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'mosquitto')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
