/** Calls an action off; harmless when it has run or was called off already. */
export type Cancel = () => void;

/** Timers and chance as a dependency: abstract class and injection token in one. Whoever asks for a timer cancels it. */
export abstract class Scheduler {
  /** Runs `action` once after `delayMs`. */
  abstract after(delayMs: number, action: () => void): Cancel;
  /** Runs `action` again and again; does not keep the process alive. */
  abstract every(periodMs: number, action: () => void): Cancel;
  /** For jitter: at least 0, below 1. */
  abstract random(): number;

  /** Milliseconds since some moment, for "how long ago": never stepped, unlike `Clock`. Virtual time overrides it. */
  monotonicMs(): number {
    return performance.now();
  }
}

export class SystemScheduler extends Scheduler {
  override after(delayMs: number, action: () => void): Cancel {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  }

  override every(periodMs: number, action: () => void): Cancel {
    const timer = setInterval(action, periodMs).unref();
    return () => clearInterval(timer);
  }

  override random(): number {
    return Math.random();
  }
}

/** For commands, and wherever time is nothing that a test would turn. */
export const REAL_TIME: Scheduler = new SystemScheduler();
