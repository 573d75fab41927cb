import { type RetryPolicy, retryPauseMs } from './backoff.js';
import { pause, unlessAborted } from './deadline.js';
import type { Scheduler } from './scheduler.js';

export interface Retry {
  readonly policy: RetryPolicy;
  readonly scheduler: Scheduler;
  /** ends the attempts, and the pauses between them */
  readonly signal: AbortSignal;
  /** told each failed attempt; what it throws ends the attempts */
  readonly failed: (error: unknown) => void;
}

/**
 * Does the work again until it succeeds. After an abort neither the attempt under way nor its failure is told of.
 * @throws the signal's reason when it is aborted
 */
export async function retry<T>({ policy, scheduler, signal, failed }: Retry, work: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      signal.throwIfAborted();
      return await unlessAborted(work(), signal);
    } catch (error) {
      signal.throwIfAborted();
      failed(error);
    }
    await pause(retryPauseMs(policy, failures, scheduler), scheduler, signal);
  }
}
