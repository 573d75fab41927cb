import type { Cancel, Scheduler } from './scheduler.js';

/** The value, or null when it is not there after `waitMs`. Rejects as `promise` does, unless that is later. */
export function within<T>(promise: Promise<T>, waitMs: number, scheduler: Scheduler): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = scheduler.after(waitMs, () => resolve(null));
    promise.then(resolve, reject).finally(cancel);
  });
}

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

/** Waits. @throws the signal's reason when it is aborted before the time is over */
export async function pause(waitMs: number, scheduler: Scheduler, signal?: AbortSignal): Promise<void> {
  let cancel: Cancel = () => undefined;
  const over = new Promise<void>((resolve) => {
    cancel = scheduler.after(waitMs, resolve);
  });
  try {
    await (signal ? unlessAborted(over, signal) : over);
  } finally {
    cancel();
  }
}

export interface Looks {
  readonly everyMs: number;
  readonly waitMs: number;
}

/** Looks until something holds. @returns false when it still does not after `waitMs` */
export async function until(holds: () => boolean, { everyMs, waitMs }: Looks, scheduler: Scheduler): Promise<boolean> {
  const untilMs = scheduler.monotonicMs() + waitMs;
  while (!holds()) {
    if (scheduler.monotonicMs() >= untilMs) return false;
    await pause(everyMs, scheduler);
  }
  return true;
}

export interface Deadline {
  readonly waitMs: number;
  readonly scheduler: Scheduler;
  /** why the work was aborted when the time is over */
  readonly late: () => unknown;
  /** each of them aborts the work, too, with its own reason */
  readonly signals: readonly AbortSignal[];
}

/** Does the work with a signal that is aborted when the time is over. Waits for the work, whatever it makes of that. */
export async function withDeadline<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { waitMs, scheduler, late, signals } = deadline;
  const controller = new AbortController();
  const cancel = scheduler.after(waitMs, () => controller.abort(late()));
  const called = signals.map((signal) => ({ signal, off: () => controller.abort(signal.reason) }));
  for (const { signal, off } of called) {
    if (signal.aborted) off();
    else signal.addEventListener('abort', off, { once: true });
  }
  try {
    return await work(controller.signal);
  } finally {
    cancel();
    for (const { signal, off } of called) signal.removeEventListener('abort', off);
  }
}
