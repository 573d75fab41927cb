import { setTimeout as delay } from 'node:timers/promises';

/** Timers are about a millisecond exact: what was missed may be caught up in a burst of this length. */
const BURST_MS = 5;

/** Spreads frames evenly, so that a subscriber with QoS 0 is never sent more than it can take. */
export class RateLimit {
  private readyAtMs = 0;

  constructor(private readonly perSecond: number) {}

  /** Waits until `count` more may go. */
  async take(count: number, signal: AbortSignal | undefined): Promise<void> {
    const nowMs = performance.now();
    this.readyAtMs = Math.max(this.readyAtMs, nowMs - BURST_MS) + (count * 1000) / this.perSecond;
    const waitMs = this.readyAtMs - nowMs;
    if (waitMs >= 1) await delay(waitMs, undefined, { signal });
    else signal?.throwIfAborted();
  }
}
