import type { Scheduler } from './scheduler.js';

/** The value, or null when it is not there after `waitMs`. Rejects as `promise` does, unless that is later. */
export function within<T>(promise: Promise<T>, waitMs: number, scheduler: Scheduler): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = scheduler.after(waitMs, () => resolve(null));
    promise.then(resolve, reject).finally(cancel);
  });
}
