import { Clock } from '../kernel/clock.js';

/** The clock stands still until it is told otherwise. */
export class FakeClock extends Clock {
  /** @param ms unix time in milliseconds to begin with */
  constructor(private ms = 1_700_000_000_000) {
    super();
  }

  override nowMs(): number {
    return this.ms;
  }

  /** Sets the time, unix milliseconds; it may step back. */
  set(ms: number): void {
    this.ms = Math.round(ms);
  }

  /** Moves on by that many milliseconds. */
  advance(ms: number): void {
    this.set(this.ms + ms);
  }
}
