import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../examples/host/package-root.js';
import { eventually } from '../../test/support/eventually.js';
import { cpuSecondsOf, type ProcessSize, sizeOf } from '../soak/process-memory.js';

const BOOT_TIMEOUT_MS = 90_000;
const EXIT_TIMEOUT_MS = 30_000;
/** A collector that has room lets garbage lie: within a bound, what stays is what is held, and who holds too much ends. */
const SMALL_HEAP_MB = 160;

/** The example host as a process of its own; how much it says is counted. */
export class HostUnderAttack {
  logBytes = 0;
  private said = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.hear(chunk));
  }

  /**
   * @param program its file among the compiled ones
   * @param heapMb bound of the old generation
   */
  static async start(program: string, variables: NodeJS.ProcessEnv, heapMb = SMALL_HEAP_MB): Promise<HostUnderAttack> {
    const entry = join(packageRoot(), 'dist', 'app', program);
    const env = { ...process.env, NO_COLOR: '1', ...variables };
    const host = new HostUnderAttack(
      spawn(process.execPath, [...process.execArgv, `--max-old-space-size=${heapMb}`, entry], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    await eventually(() => host.address !== '' || host.exited, { what: 'the host', timeoutMs: BOOT_TIMEOUT_MS });
    if (host.exited) throw new Error(`The host ended before it served: ${host.said}`);
    return host;
  }

  /** host:port; empty before it serves */
  get address(): string {
    return /^ready http:\/\/(\S+)$/m.exec(this.said)?.[1] ?? '';
  }

  get size(): ProcessSize {
    return sizeOf(this.child.pid ?? 0);
  }

  /** Seconds of computing that it took since its start. */
  get cpuS(): number {
    return cpuSecondsOf(this.child.pid ?? 0);
  }

  /** Asks the process to end. @returns how long it took, milliseconds */
  async end(): Promise<number> {
    if (this.exited) return 0;
    const startMs = performance.now();
    const exited = once(this.child, 'exit', { signal: AbortSignal.timeout(EXIT_TIMEOUT_MS) });
    this.child.kill('SIGTERM');
    await exited.catch(() => this.child.kill('SIGKILL'));
    return performance.now() - startMs;
  }

  private get exited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private hear(chunk: Buffer): void {
    this.logBytes += chunk.length;
    if (this.address === '') this.said += chunk.toString();
  }
}
