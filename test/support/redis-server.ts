import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort } from '../../examples/host/embedded/free-port.js';
import { eventually } from './eventually.js';

const PROGRAM = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path));

/** Specs that kill or stop a Redis need one of their own. */
export const redisIsInstalled = PROGRAM !== undefined;

/** A Redis process of its own, on one free port for its whole life. */
export class RedisServer {
  private process: ReturnType<typeof spawn> | null = null;

  private constructor(
    readonly port: number,
    private readonly password: string | null,
  ) {}

  static async start({ password = null }: { readonly password?: string | null } = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), password);
    await server.run();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, again after `kill`. */
  async run(): Promise<void> {
    if (!PROGRAM) throw new Error('redis-server is not installed');
    const login = this.password === null ? [] : ['--requirepass', this.password];
    const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
    this.process = spawn(PROGRAM, ['--port', String(this.port), ...settings, ...login], { stdio: 'ignore' });
    await eventually(() => accepts(this.port), { what: 'Redis to listen' });
  }

  /** Its connections break, and new ones are refused. */
  async kill(): Promise<void> {
    const running = this.process;
    this.process = null;
    if (!running) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  /** It keeps its connections and says nothing, until `resume`. */
  pause(): void {
    this.process?.kill('SIGSTOP');
  }

  resume(): void {
    this.process?.kill('SIGCONT');
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
