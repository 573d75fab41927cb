const FORGOTTEN_MS = 10 * 60_000;

/** The database's clock against ours, from the answer that came fastest in the last ten minutes. */
export class ClockOffset {
  private best = { offsetMs: 0, roundTripMs: Number.POSITIVE_INFINITY, atMs: Number.NEGATIVE_INFINITY };

  /** @param databaseMs what the database's clock showed between the two moments of ours */
  measured(databaseMs: number, sentAtMs: number, answeredAtMs: number): void {
    const roundTripMs = Math.max(0, answeredAtMs - sentAtMs);
    if (roundTripMs > this.best.roundTripMs && answeredAtMs - this.best.atMs < FORGOTTEN_MS) return;
    this.best = { offsetMs: databaseMs - (sentAtMs + answeredAtMs) / 2, roundTripMs, atMs: answeredAtMs };
  }

  toDatabaseMs(ourMs: number): number {
    return ourMs + this.best.offsetMs;
  }

  toOurMs(databaseMs: number): number {
    return databaseMs - this.best.offsetMs;
  }
}
