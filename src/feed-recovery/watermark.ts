/**
 * The time up to which everything received is committed. It moves forward only, and not over a hole: what was received
 * after one does not tell what is missing in it.
 */
export class Watermark {
  private limitMs: number | null = null;
  private reachedMs: number | null = null;

  /** Nothing received until then is missing, though some may be in flight. Times before an earlier one change nothing. */
  withoutHoleUntil(atMs: number): void {
    this.limitMs = Math.max(this.limitMs ?? atMs, atMs);
  }

  /** @param oldestInFlightMs receipt of the oldest update that is not settled, null when there is none */
  read(oldestInFlightMs: number | null): number | null {
    if (this.limitMs === null) return null;
    const committedMs = oldestInFlightMs === null ? this.limitMs : Math.min(this.limitMs, oldestInFlightMs);
    this.reachedMs = Math.max(this.reachedMs ?? committedMs, committedMs);
    return this.reachedMs;
  }
}
