const DEADLINE_MS = 5_000;

/** SIGTERM, SIGINT or SIGHUP (a closed terminal) closes the application and ends the process: code 0, or 1 when closing failed or took 5 s. */
export function closeOnSignals(close: () => Promise<void>): void {
  const end = async () => {
    setTimeout(() => process.exit(1), DEADLINE_MS).unref();
    try {
      await close();
      process.exit(0);
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  let isEnding = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isEnding) return;
      isEnding = true;
      void end();
    });
  }
}
