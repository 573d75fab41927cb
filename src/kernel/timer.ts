import type { Cancel, Scheduler } from './scheduler.js';

/** One timer of one owner: it waits for one action at most, and the owner's stop is the end of it. */
export class Timer {
  private cancel: Cancel | null = null;
  private stopped = false;

  constructor(private readonly scheduler: Scheduler) {}

  /** Does an action wait? */
  get isSet(): boolean {
    return this.cancel !== null;
  }

  /** Runs `action` after `delayMs`, in the place of one that still waits. Nothing happens after `stop`. */
  set(delayMs: number, action: () => void): void {
    this.clear();
    if (this.stopped) return;
    this.cancel = this.scheduler.after(delayMs, () => {
      this.cancel = null;
      action();
    });
  }

  clear(): void {
    this.cancel?.();
    this.cancel = null;
  }

  stop(): void {
    this.stopped = true;
    this.clear();
  }
}
