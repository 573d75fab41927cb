const MAX_KEYS = 100;
const MINUTE_MS = 60_000;
const MOST_PER_MINUTE = 60;

/**
 * Lets at most one line per key and period through, and so many of all keys together in a minute: whoever chooses the
 * keys, or how often something happens, does not choose how much is logged. A sampler stands for one kind of line.
 */
export class LogSampler {
  private readonly lines = new Map<string, { readonly atMs: number; suppressed: number }>();
  private minuteFromMs = Number.NEGATIVE_INFINITY;
  private admitted = 0;
  private heldBack = 0;

  /**
   * @param periodMs 0: only the total is bounded
   * @param mostPerMinute lines of all keys together
   * @param tell told at the end of a minute how many lines were held back because of the total; without it, the next line tells
   */
  constructor(
    private readonly periodMs: number,
    private readonly mostPerMinute = MOST_PER_MINUTE,
    private readonly tell?: (lines: number) => void,
  ) {}

  /** How many lines of this key were held back since its last one; null when this one is to be held back too. */
  admit(key: string, nowMs: number): number | null {
    const last = this.lines.get(key);
    // A clock that stepped back must not silence a key for longer than the period.
    if (last && Math.abs(nowMs - last.atMs) < this.periodMs) {
      last.suppressed += 1;
      return null;
    }
    if (!this.hasRoom(nowMs)) {
      this.holdBack();
      return null;
    }
    if (!last && this.lines.size >= MAX_KEYS) this.lines.clear();
    this.lines.set(key, { atMs: nowMs, suppressed: 0 });
    return (last?.suppressed ?? 0) + this.takeHeldBack();
  }

  /** The next line of every key goes through, within the total. */
  reset(): void {
    this.lines.clear();
  }

  private hasRoom(nowMs: number): boolean {
    if (Math.abs(nowMs - this.minuteFromMs) >= MINUTE_MS) {
      this.minuteFromMs = nowMs;
      this.admitted = 0;
    }
    if (this.admitted >= this.mostPerMinute) return false;
    this.admitted += 1;
    return true;
  }

  private holdBack(): void {
    this.heldBack += 1;
    const { tell } = this;
    // no sender waits for it, and no process: what a sampler was about to tell goes with its process
    if (tell && this.heldBack === 1) setTimeout(() => tell(this.tellNow()), MINUTE_MS).unref();
  }

  private takeHeldBack(): number {
    return this.tell ? 0 : this.tellNow();
  }

  private tellNow(): number {
    const lines = this.heldBack;
    this.heldBack = 0;
    return lines;
  }
}
