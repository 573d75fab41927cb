import type { Cleanup } from './cleanup.js';

/**
 * Runs a program to its end, or until a signal interrupts it, and leaves nothing behind. What fails is printed, and ends the process
 * with 1.
 * @param interruption aborted by SIGINT, SIGTERM and SIGHUP
 */
export async function runToTheEnd(
  work: () => Promise<void>,
  cleanup: Cleanup,
  interruption = new AbortController(),
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // npm passes on what the terminal has sent already: the second one must not end the cleaning up
    process.on(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
  }
  const interrupted = new Promise<never>((_, reject) => {
    interruption.signal.addEventListener('abort', () => reject(interruption.signal.reason));
  });
  try {
    await Promise.race([work(), interrupted]);
  } catch (error) {
    process.exitCode = 1;
    console.error(interruption.signal.aborted ? interruption.signal.reason.message : error);
  } finally {
    await cleanup.run();
  }
  // what was interrupted may still wait for something that is gone
  if (interruption.signal.aborted) process.exit();
}
