import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const START_TIMEOUT_MS = 30_000;

/** A server that does nothing but answer, to tell this machine from the host. */
export class BareProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** host:port */
    readonly address: string,
  ) {}

  static async start(): Promise<BareProcess> {
    const child = fork(fileURLToPath(new URL('./bare-server.js', import.meta.url)));
    const [port] = await once(child, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    return new BareProcess(child, `127.0.0.1:${port}`);
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
