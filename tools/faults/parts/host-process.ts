import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../examples/host/package-root.js';
import { eventually } from '../../../test/support/eventually.js';
import type { HostResources, ProbeRequest } from './host-probe.js';

const BOOT_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 10_000;
const EXIT_TIMEOUT_MS = 15_000;

export interface HostSettings {
  readonly databaseUrl: string;
  readonly mqttUrl: string;
  /** null: the host never asks one */
  readonly provider: { readonly url: string; readonly user: string; readonly secret: string } | null;
  readonly leaseTtlMs: number;
  readonly keepaliveS: number;
  readonly restLagMs: number;
  readonly recoveryIntervalMs: number;
  readonly recoverySilenceMs: number;
  /** added to the environment, or in place of what is there */
  readonly variables?: NodeJS.ProcessEnv;
}

export interface HostPlace {
  /** tells hosts on one machine apart, as PM2 does */
  readonly instance: number;
  readonly port: number;
}

/** The example host in a process of its own. */
export class HostProcess {
  private said = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static launch(name: string, { instance, port }: HostPlace, settings: HostSettings, logFile: string): HostProcess {
    const child = fork(join(packageRoot(), 'dist', 'app', 'examples', 'host', 'main.js'), {
      execArgv: ['--expose-gc', '--import', fileURLToPath(new URL('./host-probe.js', import.meta.url))],
      env: {
        ...process.env,
        ...environmentOf(settings),
        NODE_APP_INSTANCE: String(instance),
        PORT: String(port),
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const host = new HostProcess(name, child, `http://127.0.0.1:${port}`);
    const log = createWriteStream(logFile, { flags: 'a' });
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false });
    child.stdout?.on('data', (chunk) => {
      if (!host.isReady) host.said += chunk;
    });
    child.once('error', () => undefined);
    child.once('exit', () => log.end());
    return host;
  }

  async ready(): Promise<void> {
    await eventually(() => this.isReady || this.exited, { what: `${this.name} to serve`, timeoutMs: BOOT_TIMEOUT_MS });
    if (this.exited) throw new Error(`${this.name} ended with ${this.child.exitCode} before it served`);
  }

  private get isReady(): boolean {
    return /^ready /m.test(this.said);
  }

  /** of the operating system */
  get pid(): number {
    return this.child.pid as number;
  }

  get exited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async killNow(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** @returns exit code, and how long it took */
  async terminate(): Promise<{ readonly code: number | null; readonly tookMs: number }> {
    const start = performance.now();
    await this.end('SIGTERM');
    return { code: this.child.exitCode, tookMs: Math.round(performance.now() - start) };
  }

  /** Stops in mid-air, as a paused virtual machine does. */
  suspend(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  async stepClock(byMs: number): Promise<void> {
    await this.ask({ ask: 'step-clock', byMs });
  }

  async resources(): Promise<HostResources> {
    return (await this.ask({ ask: 'resources' })) as HostResources;
  }

  async get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  }

  private async ask(request: ProbeRequest): Promise<unknown> {
    const answered = once(this.child, 'message', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    this.child.send(request);
    return (await answered)[0];
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.exited) return;
    const exited = once(this.child, 'exit', { signal: AbortSignal.timeout(EXIT_TIMEOUT_MS) });
    this.child.kill(signal);
    try {
      await exited;
    } catch {
      this.child.kill('SIGKILL');
      throw new Error(`${this.name} did not end within ${EXIT_TIMEOUT_MS} ms of ${signal}`);
    }
  }
}

function environmentOf(settings: HostSettings): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: settings.databaseUrl,
    MQTT_URL: settings.mqttUrl,
    MQTT_QOS: '1',
    MQTT_KEEPALIVE_S: String(settings.keepaliveS),
    LEASE_TTL_MS: String(settings.leaseTtlMs),
    REST_LAG_MS: String(settings.restLagMs),
    RECOVERY_INTERVAL_MS: String(settings.recoveryIntervalMs),
    RECOVERY_SILENCE_MS: String(settings.recoverySilenceMs),
    THESPORTS_API_URL: settings.provider?.url ?? '',
    THESPORTS_API_USER: settings.provider?.user ?? '',
    THESPORTS_API_SECRET: settings.provider?.secret ?? '',
    LIVESCORE_SETTLEMENT: 'on',
    METRICS: 'on',
    REDIS_URL: '',
    ...settings.variables,
  };
}
