const MAX_KEYS = 100;

/** Lets at most one line per key and period through, so that a fault repeated per message does not flood the log. */
export class LogSampler {
  private readonly lines = new Map<string, { readonly atMs: number; suppressed: number }>();

  constructor(private readonly periodMs: number) {}

  /** How many lines of this key were held back since its last one; null when this one is to be held back too. */
  admit(key: string, nowMs: number): number | null {
    const last = this.lines.get(key);
    // A clock that stepped back must not silence a key for longer than the period.
    if (last && Math.abs(nowMs - last.atMs) < this.periodMs) {
      last.suppressed += 1;
      return null;
    }
    if (!last && this.lines.size >= MAX_KEYS) this.lines.clear();
    this.lines.set(key, { atMs: nowMs, suppressed: 0 });
    return last?.suppressed ?? 0;
  }

  /** The next line of every key goes through. */
  reset(): void {
    this.lines.clear();
  }
}
