import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../examples/host/package-root.js';
import { eventually } from '../../test/support/eventually.js';

const BOOT_TIMEOUT_MS = 90_000;
const EXIT_TIMEOUT_MS = 30_000;
const KEPT_OUTPUT = 4_000;

/** The example host as a user starts it: a process with these variables, and nothing that looks into it. */
export class PlainHost {
  private said = '';
  private isReady = false;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => this.hear(String(chunk)));
  }

  static launch(variables: NodeJS.ProcessEnv): PlainHost {
    const entry = join(packageRoot(), 'dist', 'app', 'examples', 'host', 'main.js');
    const env = { ...process.env, NO_COLOR: '1', ...variables };
    return new PlainHost(spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  async ready(): Promise<void> {
    await eventually(() => this.isReady || this.exited, { what: 'the host to serve', timeoutMs: BOOT_TIMEOUT_MS });
    if (!this.isReady) throw new Error(`The host ended before it served: ${this.said}`);
  }

  async end(): Promise<void> {
    if (this.exited) return;
    const exited = once(this.child, 'exit', { signal: AbortSignal.timeout(EXIT_TIMEOUT_MS) });
    this.child.kill('SIGTERM');
    await exited.catch(() => this.child.kill('SIGKILL'));
  }

  private get exited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private hear(text: string): void {
    this.said = (this.said + text).slice(-KEPT_OUTPUT);
    this.isReady ||= /^ready /m.test(this.said);
  }
}
