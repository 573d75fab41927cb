import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../../../test/support/eventually.js';
import { steadyPort } from '../../faults/parts/steady-port.js';

const STOP_TIMEOUT_MS = 5_000;

/** A Redis of our own, which keeps nothing: killed and started again on its port. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await steadyPort());
    await server.up();
    return server;
  }

  async up(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', options, { stdio: 'ignore' });
    child.once('error', () => undefined);
    this.child = child;
    await eventually(() => answers(this.port), { what: `redis-server on port ${this.port}` });
  }

  /** As the out-of-memory killer does it. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    child.kill('SIGKILL');
    await exited;
  }
}

/** null when the machine has none: `apt-get install redis-server` */
export function redisVersion(): string | null {
  const { stdout, error } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  return error ? null : (/v=(\S+)/.exec(stdout)?.[1] ?? 'unknown');
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
