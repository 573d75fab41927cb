/** Growing pauses with jitter, one timer, owned by whoever waits. */
export class Backoff {
  private timer: NodeJS.Timeout | null = null;
  private count = 0;
  private stopped = false;

  constructor(private readonly limits: { readonly firstMs: number; readonly maxMs: number }) {}

  /** Pauses since the last success. */
  get attempts(): number {
    return this.count;
  }

  /** Runs `action` after the next pause: half of it certain, half random. Nothing happens after `stop`. */
  wait(action: () => void): void {
    if (this.stopped) return;
    const fullMs = Math.min(this.limits.maxMs, this.limits.firstMs * 2 ** this.count);
    this.count++;
    this.timer = setTimeout(action, fullMs / 2 + (Math.random() * fullMs) / 2);
  }

  reset(): void {
    this.count = 0;
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }
}
