/** a jump beyond this is a clock that was set, not a slow network */
const JUMP_MS = 60_000;

/**
 * The time of the server, from the sending times of its frames. The frame that travelled fastest counts: the others only
 * seem to come from an earlier clock.
 */
export class ServerTime {
  /** NaN: nothing was heard */
  #offsetMs = Number.NaN;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  nowMs(): number {
    return this.#now() + (this.#offsetMs || 0);
  }

  hear(sentAtMs: unknown): void {
    const offsetMs = (sentAtMs as number) - this.#now();
    const isSlower = offsetMs <= this.#offsetMs && offsetMs >= this.#offsetMs - JUMP_MS;
    if (Number.isFinite(offsetMs) && !isSlower) this.#offsetMs = offsetMs;
  }

  /** The next frame counts alone: it may come from another server. */
  forget(): void {
    this.#offsetMs = Number.NaN;
  }
}
