/** An allowance is a token bucket: it fills by `perSecond` up to `most`, and what is spent beyond it is owed. */
export class Allowance {
  private left: number;

  constructor(
    private readonly perSecond: number,
    private readonly most: number,
    private countedAtMs: number,
  ) {
    this.left = most;
  }

  /** What may be spent now, whole; 0 when nothing is left. */
  available(nowMs: number): number {
    this.left = Math.min(this.most, this.left + (Math.max(0, nowMs - this.countedAtMs) / 1_000) * this.perSecond);
    this.countedAtMs = nowMs;
    return Math.max(0, Math.floor(this.left));
  }

  spend(amount: number): void {
    this.left -= amount;
  }

  /** Spends one, if there is one. */
  take(nowMs: number): boolean {
    if (this.available(nowMs) < 1) return false;
    this.spend(1);
    return true;
  }
}

/** What may come in: frames of every kind, and bytes. */
export interface IncomingAllowance {
  readonly frames: Allowance;
  readonly bytes: Allowance;
}
