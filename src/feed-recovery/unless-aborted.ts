import type { Cancel, Scheduler } from '../kernel/scheduler.js';

/**
 * The work's result, or its failure.
 * @throws the signal's reason as soon as it is aborted, whatever becomes of the work
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** @throws the signal's reason when it is aborted before the time is over */
export async function pause(scheduler: Scheduler, delayMs: number, signal: AbortSignal): Promise<void> {
  let cancel: Cancel = () => undefined;
  const over = new Promise<void>((resolve) => {
    cancel = scheduler.after(delayMs, resolve);
  });
  try {
    await unlessAborted(over, signal);
  } finally {
    cancel();
  }
}
