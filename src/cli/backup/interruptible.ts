const LONGEST_MS = 4 * 3_600_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs what takes long so that Ctrl-C, SIGTERM and four hours end it with its own tidying-up. */
export async function interruptible<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  const timer = setTimeout(interrupt, LONGEST_MS);
  for (const name of SIGNALS) process.once(name, interrupt);
  try {
    return await action(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const name of SIGNALS) process.removeListener(name, interrupt);
  }
}
