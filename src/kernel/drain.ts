/**
 * Works while there is something to do, one turn after the other.
 *
 * *idle* → `run`, with something to do → *draining*: turns, until nothing is left → *idle*. What comes during the last turn
 * is seen before the end, so whoever adds something and calls `run` never waits for the next one who does.
 */
export class Drain {
  private running: Promise<void> | null = null;

  /**
   * @param hasMore asked before each turn
   * @param turn a turn that fails ends the draining, and `run` rejects as it does
   */
  constructor(
    private readonly hasMore: () => boolean,
    private readonly turn: () => Promise<void>,
  ) {}

  /** Resolves when nothing is left to do. */
  run(): Promise<void> {
    if (this.running) return this.running;
    if (!this.hasMore()) return Promise.resolve();
    this.running = this.drain();
    return this.running;
  }

  private async drain(): Promise<void> {
    try {
      while (this.hasMore()) await this.turn();
    } finally {
      this.running = null;
    }
  }
}
