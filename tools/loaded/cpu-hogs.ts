import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends with its parent, however that ends. */
const HOG = 'for (const parent = process.ppid; process.ppid === parent; );';

/** Processes that take every core for themselves, as neighbours of a host do on a busy machine. */
export class CpuHogs {
  private constructor(private readonly children: readonly ChildProcess[]) {}

  static start(count: number): CpuHogs {
    const spawned = Array.from({ length: count }, () => spawn(process.execPath, ['-e', HOG], { stdio: 'ignore' }));
    return new CpuHogs(spawned);
  }

  async stop(): Promise<void> {
    const running = this.children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = running.map((child) => once(child, 'exit'));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ended);
  }
}
