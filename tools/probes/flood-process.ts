import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Frames that come faster than the writer can write each of them. */
export class FloodProcess {
  private sent = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (sent) => {
      this.sent = Number(sent);
    });
  }

  static start(brokerUrl: string, topic: string, perSecond: number): FloodProcess {
    const args = [brokerUrl, topic, String(perSecond)];
    return new FloodProcess(fork(fileURLToPath(new URL('./flood.js', import.meta.url)), args));
  }

  /** frames so far */
  get frames(): number {
    return this.sent;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit', { signal: AbortSignal.timeout(5_000) });
    this.child.kill('SIGKILL');
    await ended;
  }
}
