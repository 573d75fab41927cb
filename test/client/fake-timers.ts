import type { Timers } from '../../src/client/index.js';

interface Timer {
  readonly id: number;
  readonly atMs: number;
  readonly run: () => void;
}

/** Timers and a clock that move only when they are told to. */
export class FakeTimers implements Timers {
  nowMs = 1_768_666_800_000;
  #lastId = 0;
  #timers: Timer[] = [];

  /** How many are set. */
  get count(): number {
    return this.#timers.length;
  }

  /** Milliseconds until the next one. */
  get nextMs(): number {
    return Math.min(...this.#timers.map(({ atMs }) => atMs)) - this.nowMs;
  }

  setTimeout(run: () => void, delayMs: number): number {
    this.#lastId += 1;
    this.#timers.push({ id: this.#lastId, atMs: this.nowMs + delayMs, run });
    return this.#lastId;
  }

  clearTimeout(id: number): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  }

  /** Runs what is due within that time, in order. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs || a.id - b.id);
      if (!next) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.clearTimeout(next.id);
      next.run();
    }
    this.nowMs = untilMs;
  }
}
