import { REAL_TIME } from '../../kernel/scheduler.js';

const LONGEST_MS = 4 * 3_600_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs what takes long so that Ctrl-C, SIGTERM and four hours end it with its own tidying-up. */
export async function interruptible<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  const cancel = REAL_TIME.after(LONGEST_MS, interrupt);
  for (const name of SIGNALS) process.once(name, interrupt);
  try {
    return await action(controller.signal);
  } finally {
    cancel();
    for (const name of SIGNALS) process.removeListener(name, interrupt);
  }
}
