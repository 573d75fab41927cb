import { Clock } from '../../src/kernel/clock.js';
import { type Cancel, Scheduler } from '../../src/kernel/scheduler.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';

/** Who an event belongs to: what a dead owner asked for never happens. */
export interface Owner {
  readonly alive: boolean;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly owner: Owner;
  readonly action: () => void;
  off: boolean;
}

/** The only time there is in a simulation: it stands still until the next event is run. Equal times keep their order. */
export class VirtualTime {
  private readonly heap: Event[] = [];
  private orders = 0;
  private elapsedMs = 0;

  /** since the start; never runs backwards */
  get nowMs(): number {
    return this.elapsedMs;
  }

  after(delayMs: number, owner: Owner, action: () => void): Cancel {
    const atMs = this.elapsedMs + Math.max(0, delayMs);
    const event: Event = { atMs, order: this.orders++, owner, action, off: false };
    this.push(event);
    return () => {
      event.off = true;
    };
  }

  /** Runs the next event; false when there is none. */
  runNext(): boolean {
    for (let event = this.pop(); event; event = this.pop()) {
      if (event.off || !event.owner.alive) continue;
      this.elapsedMs = event.atMs;
      event.action();
      return true;
    }
    return false;
  }

  private push(event: Event): void {
    const { heap } = this;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent] as Event)) break;
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  }

  private pop(): Event | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Wall clock of one machine on virtual time: it may be set, and then steps. */
export class VirtualClock extends Clock {
  /** how far the clock is off, ms */
  stepMs = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly startMs: number,
  ) {
    super();
  }

  override nowMs(): number {
    return Math.floor(this.startMs + this.time.nowMs + this.stepMs);
  }
}

/** Timers of one process: they die with it. */
export class VirtualScheduler extends Scheduler {
  constructor(
    private readonly time: VirtualTime,
    private readonly owner: Owner,
    private readonly chance: SeededRandom,
  ) {
    super();
  }

  override after(delayMs: number, action: () => void): Cancel {
    return this.time.after(delayMs, this.owner, action);
  }

  override every(periodMs: number, action: () => void): Cancel {
    let cancel: Cancel = () => {};
    const next = (): void => {
      cancel = this.time.after(periodMs, this.owner, () => {
        next();
        action();
      });
    };
    next();
    return () => cancel();
  }

  override random(): number {
    return this.chance.next();
  }

  override monotonicMs(): number {
    return this.time.nowMs;
  }
}
