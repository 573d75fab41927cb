import type { Cancel, Scheduler } from '../kernel/scheduler.js';
import type { Mailbox } from './mailbox.js';

const FIRST_REST_MS = 5;
const LONGEST_REST_MS = 100;

/** Rows that somebody else has locked rest for 5 to 100 ms, each alone in its delay, before they are tried again. */
export class RestingRows {
  private readonly wakes = new Map<Mailbox, Cancel>();

  /** @param wake it is time to try the row again */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly wake: (row: Mailbox) => void,
  ) {}

  has(row: Mailbox): boolean {
    return this.wakes.has(row);
  }

  /** @param times locked in a row, this one included */
  rest(row: Mailbox, times: number): void {
    const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (times - 1));
    const wake = (): void => {
      this.wakes.delete(row);
      this.wake(row);
    };
    this.wakes.set(row, this.scheduler.after(restMs, wake));
  }

  drop(row: Mailbox): void {
    this.wakes.get(row)?.();
    this.wakes.delete(row);
  }

  clear(): void {
    for (const cancel of this.wakes.values()) cancel();
    this.wakes.clear();
  }
}
