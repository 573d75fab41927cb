import { type Cancel, Scheduler } from '../../src/kernel/scheduler.js';
import { FakeClock } from '../../src/testing/index.js';

interface Timer {
  readonly atMs: number;
  readonly action: () => void;
}

/** Time that moves only when told to, for every scheduler of it; promises run between two timers. */
export class VirtualTime {
  private readonly timers = new Set<Timer>();
  private ms = 0;

  /** since the start */
  get nowMs(): number {
    return this.ms;
  }

  get waiting(): number {
    return this.timers.size;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = { atMs: this.ms + delayMs, action };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  async advance(ms: number, afterEach: () => void = () => {}): Promise<void> {
    const untilMs = this.ms + ms;
    await settle();
    afterEach();
    for (let next = this.next(); next && next.atMs <= untilMs; next = this.next()) {
      this.timers.delete(next);
      this.ms = Math.max(this.ms, next.atMs);
      next.action();
      await settle();
      afterEach();
    }
    this.ms = untilMs;
  }

  private next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) if (!next || timer.atMs < next.atMs) next = timer;
    return next;
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The timers and the monotonic clock of one process. */
export class VirtualScheduler extends Scheduler {
  private readonly startMs: number;

  constructor(
    private readonly time: VirtualTime,
    private readonly chance: () => number = () => 0.5,
    /** what its monotonic clock shows at the beginning */
    offsetMs = 0,
  ) {
    super();
    this.startMs = offsetMs;
  }

  override after(delayMs: number, action: () => void): Cancel {
    return this.time.after(delayMs, action);
  }

  override every(periodMs: number, action: () => void): Cancel {
    let cancel: Cancel = () => {};
    const next = (): void => {
      cancel = this.time.after(periodMs, () => {
        next();
        action();
      });
    };
    next();
    return () => cancel();
  }

  override random(): number {
    return this.chance();
  }

  override monotonicMs(): number {
    return this.startMs + this.time.nowMs;
  }
}

/** A wall clock on virtual time. */
export class VirtualClock extends FakeClock {
  constructor(
    private readonly time: VirtualTime,
    private readonly startMs = 1_700_000_000_000,
  ) {
    super(startMs);
  }

  override nowMs(): number {
    return Math.floor(this.startMs + this.time.nowMs);
  }
}
