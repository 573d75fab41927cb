import type { Calls } from './child.js';

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: never;
}

/**
 * Answers the calls of the parent process.
 * @param end what is closed once the parent lets go; the process ends after it
 */
export function answerParent(calls: Calls, end: () => unknown): void {
  const reply = (message: object) => process.connected && process.send?.(message);
  process.on('message', async ({ id, name, argument }: Call) => {
    try {
      reply({ id, result: (await calls[name]?.(argument)) ?? null });
    } catch (error) {
      reply({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  // Ctrl-C reaches the whole group of processes: the parent ends first, in order
  process.on('SIGINT', () => undefined);
  process.once('disconnect', async () => {
    setTimeout(() => process.exit(1), 5_000).unref();
    await end();
    process.exit(0);
  });
}

/** What the parent started this process with. */
export function settings<Settings>(): Settings {
  return JSON.parse(process.env.BENCH_SETTINGS ?? '{}') as Settings;
}
