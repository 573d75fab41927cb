import type { Scheduler } from './scheduler.js';
import { Timer } from './timer.js';

/** How long to wait before the next attempt: growing pauses, half certain and half random. */
export interface RetryPolicy {
  /** before the second attempt, ms */
  readonly firstMs: number;
  /** never longer, ms */
  readonly maxMs: number;
}

/** The pause after so many failures, 1 being the first. */
export function retryPauseMs({ firstMs, maxMs }: RetryPolicy, failures: number, scheduler: Scheduler): number {
  const fullMs = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return fullMs / 2 + (scheduler.random() * fullMs) / 2;
}

/** The pauses of one retry policy, owned by whoever waits. */
export class Backoff {
  private readonly timer: Timer;
  private count = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly policy: RetryPolicy,
  ) {
    this.timer = new Timer(scheduler);
  }

  /** Pauses since the last success. */
  get attempts(): number {
    return this.count;
  }

  /** Runs `action` after the next pause, in the place of one that still waits. Nothing happens after `stop`. */
  wait(action: () => void): void {
    this.count++;
    this.timer.set(retryPauseMs(this.policy, this.count, this.scheduler), action);
  }

  /** The pause under way ends without its action. */
  cutShort(): void {
    this.timer.clear();
  }

  reset(): void {
    this.count = 0;
  }

  stop(): void {
    this.timer.stop();
  }
}
