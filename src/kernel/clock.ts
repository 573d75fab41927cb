/** A clock makes time a dependency: abstract class and injection token in one. */
export abstract class Clock {
  /** Unix time in milliseconds, integer. May step when the system clock is set. */
  abstract nowMs(): number;
}

export class SystemClock extends Clock {
  override nowMs(): number {
    return Date.now();
  }
}
