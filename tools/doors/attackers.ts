import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../examples/host/package-root.js';

const START_MS = 60_000;
/** They stand back, also when they are told to end. */
const END_MS = 60_000;

/** The process of the attackers. */
export class Attackers {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * @param each how many of each kind
   * @param restMs how long each rests after each try
   */
  static async start(address: string, each: number, kinds: readonly string[], restMs = 0): Promise<Attackers> {
    const entry = join(packageRoot(), 'dist', 'app', 'tools', 'doors', 'attacker.js');
    const child = fork(entry, [address, String(each), String(restMs), ...kinds]);
    await once(child, 'message', { signal: AbortSignal.timeout(START_MS) });
    return new Attackers(child);
  }

  /**
   * Sends them away.
   * @returns how often they connected or tried to
   * @throws when they were gone before: then nothing was attacked
   */
  async end(): Promise<number> {
    if (this.child.exitCode !== null || this.child.signalCode !== null)
      throw new Error('The attackers ended too early');
    const gone = once(this.child, 'exit', { signal: AbortSignal.timeout(END_MS) });
    const told = once(this.child, 'message', { signal: AbortSignal.timeout(END_MS) });
    this.child.kill('SIGTERM');
    try {
      const [[message]] = await Promise.all([told, gone]);
      return (message as { readonly tries: number }).tries;
    } catch (error) {
      this.child.kill('SIGKILL');
      throw error;
    }
  }
}
