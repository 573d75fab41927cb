export interface EventuallyOptions {
  /** how long to keep asking, milliseconds, default 45000 */
  readonly timeoutMs?: number;
  /** what is awaited, in words: the error names it */
  readonly what: string;
}

const POLL_MS = 10;

/** Asks until the condition is truthy and returns its value. A condition that throws counts as not yet. */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 45_000, what }: EventuallyOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`, { cause: lastError });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
