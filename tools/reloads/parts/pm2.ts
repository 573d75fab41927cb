import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../examples/host/package-root.js';
import { eventually } from '../../../test/support/eventually.js';

const COMMAND_TIMEOUT_MS = 200_000;
const KILL_TIMEOUT_MS = 30_000;
const SHOWN_LOG = 3_000;

/** One process as PM2 lists it. */
export interface Pm2Process {
  readonly name: string;
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
  readonly unstableRestarts: number;
  readonly exitCode: number | null;
}

interface ListedProcess {
  readonly name: string;
  readonly pid?: number;
  readonly pm2_env: {
    readonly status: string;
    readonly restart_time: number;
    readonly unstable_restarts: number;
    readonly exit_code?: number;
  };
}

/** The real PM2 with a daemon and a folder of its own, used through its command as a deployment does. */
export class Pm2 {
  private readonly home = mkdtempSync(join(tmpdir(), 'livescore-pm2-'));
  private readonly environment: NodeJS.ProcessEnv;
  /** known from the first command on */
  private daemon: number | null = null;

  /** @param variables for the hosts: PM2 hands on what its command was started with */
  constructor(variables: NodeJS.ProcessEnv) {
    const { PATH, LANG } = process.env;
    const own = { PM2_HOME: this.home, PM2_DISCRETE_MODE: 'true', HOME: this.home };
    this.environment = { PATH, LANG, NO_COLOR: '1', ...own, ...variables };
  }

  /**
   * Runs `pm2` with these arguments.
   * @returns what it printed
   * @throws when it fails
   */
  async run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
    const child = spawn(process.execPath, [join(packageRoot(), 'node_modules', 'pm2', 'bin', 'pm2'), ...args], {
      cwd: this.home,
      env: { ...this.environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIMEOUT_MS,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const [code] = await once(child, 'close');
    this.daemon ??= this.daemonPid();
    if (code !== 0) throw new Error(`pm2 ${args[0]} ended with ${code}:\n${said}\n${this.log()}`);
    return said;
  }

  async list(): Promise<readonly Pm2Process[]> {
    const said = await this.run(['jlist']);
    const listed = JSON.parse(said.slice(said.search(/\[(\{|\])/))) as readonly ListedProcess[];
    return listed.map(({ name, pid, pm2_env }) => ({
      name,
      pid: pid ?? 0,
      status: pm2_env.status,
      restarts: pm2_env.restart_time,
      unstableRestarts: pm2_env.unstable_restarts,
      exitCode: pm2_env.exit_code ?? null,
    }));
  }

  /** The end of its own log and of its processes' errors, for findings. */
  log(): string {
    try {
      return readFileSync(join(this.home, 'pm2.log'), 'utf8').slice(-SHOWN_LOG);
    } catch {
      return '';
    }
  }

  /** Ends all processes and the daemon, the hard way where the command fails. */
  async kill(): Promise<void> {
    const { daemon } = this;
    try {
      await this.run(['kill']);
    } catch (error) {
      console.error(error);
    }
    if (daemon !== null) await endOf(daemon);
    rmSync(this.home, { recursive: true, force: true });
  }

  private daemonPid(): number | null {
    try {
      const pid = Number(readFileSync(join(this.home, 'pm2.pid'), 'utf8'));
      // 0 would be our own group
      return pid > 1 ? pid : null;
    } catch {
      return null;
    }
  }
}

async function endOf(pid: number): Promise<void> {
  try {
    await eventually(() => !isAlive(pid), { what: 'the daemon of PM2 to end', timeoutMs: KILL_TIMEOUT_MS });
  } catch {
    process.kill(pid, 'SIGKILL');
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
