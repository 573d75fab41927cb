const SLOWEST = 20;
const BEGIN = 60;
/** Frames that are read so long after they were sent wait for a machine that is busy, not for a fault. */
const TOO_LATE_MS = 500;
const LESS = 0.6;
const MORE = 1.12;
/** what was not used is not made up for */
const MOST_OWED_S = 0.1;

/** How many changes a second the machine bears: fewer as soon as clients read late, slowly more while they do not. */
export class Pace {
  private perSecond = BEGIN;
  private owed = 0;
  private lastMs: number;

  /** @param nowMs monotonic */
  constructor(
    private readonly most: number,
    nowMs: number,
  ) {
    this.lastMs = nowMs;
  }

  /** @param lagMs from sending to reading, the longest since the last time */
  heard(lagMs: number): void {
    this.perSecond =
      lagMs > TOO_LATE_MS ? Math.max(SLOWEST, this.perSecond * LESS) : Math.min(this.most, this.perSecond * MORE);
  }

  /** How many may go now. */
  allowed(nowMs: number): number {
    const passedS = (nowMs - this.lastMs) / 1_000;
    this.lastMs = nowMs;
    this.owed = Math.min(this.owed + passedS * this.perSecond, Math.max(1, this.perSecond * MOST_OWED_S));
    return Math.floor(this.owed);
  }

  sent(count: number): void {
    this.owed -= count;
  }
}
