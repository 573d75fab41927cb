import type { Cancel, Scheduler } from './scheduler.js';

/** Growing pauses with jitter, one timer, owned by whoever waits. */
export class Backoff {
  private cancel: Cancel | null = null;
  private count = 0;
  private stopped = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly limits: { readonly firstMs: number; readonly maxMs: number },
  ) {}

  /** Pauses since the last success. */
  get attempts(): number {
    return this.count;
  }

  /** Runs `action` after the next pause: half of it certain, half random. It takes the place of one that still waits. Nothing happens after `stop`. */
  wait(action: () => void): void {
    if (this.stopped) return;
    const fullMs = Math.min(this.limits.maxMs, this.limits.firstMs * 2 ** this.count);
    this.count++;
    this.cancel?.();
    this.cancel = this.scheduler.after(fullMs / 2 + (this.scheduler.random() * fullMs) / 2, action);
  }

  reset(): void {
    this.count = 0;
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }
}
