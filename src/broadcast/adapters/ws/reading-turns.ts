/** Of a turn of the event loop, for reading what clients sent. */
const MOST_MS = 2;

/** One who has more to read. */
export interface Reading {
  /** Reads on: a bounded piece. */
  goOn(): void;
}

/**
 * Reading turns bound what the messages of all clients together take of a turn of the event loop: for 2 ms they are read as they
 * come, then they wait, one piece of each client after the other, for the next turns. So a crowd that talks all at once costs everybody
 * else a few milliseconds a turn, however large it is.
 */
export class ReadingTurns {
  private readonly waiting = new Set<Reading>();
  private hasBegun = false;
  private endsAtMs = 0;

  constructor(
    private readonly nowMs: () => number,
    private readonly nextTurn: (action: () => void) => unknown = setImmediate,
  ) {}

  /** May somebody read at once? Who may not waits. */
  get isOpen(): boolean {
    if (!this.hasBegun) this.begin();
    return this.waiting.size === 0 && this.nowMs() < this.endsAtMs;
  }

  /** Lets a client read on in its turn. */
  wait(reading: Reading): void {
    if (!this.hasBegun) this.begin();
    this.waiting.add(reading);
  }

  /** Lets go of a client that has left. */
  leave(reading: Reading): void {
    this.waiting.delete(reading);
  }

  private begin(): void {
    this.hasBegun = true;
    this.endsAtMs = this.nowMs() + MOST_MS;
    this.nextTurn(() => void this.goOn());
  }

  private async goOn(): Promise<void> {
    this.endsAtMs = this.nowMs() + MOST_MS;
    for (const reading of this.waiting) {
      if (this.nowMs() >= this.endsAtMs) break;
      this.waiting.delete(reading);
      reading.goOn();
      // what was read is handled before the next looks at the time
      await null;
    }
    this.hasBegun = false;
    if (this.waiting.size > 0) this.begin();
  }
}
