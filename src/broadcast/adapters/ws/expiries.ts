import type { Clock } from '../../../kernel/clock.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';

/** An expiry is told up to so much later than it is due: all of one second are told together. */
const STEP_MS = 1_000;
/** The wall clock may be stepped meanwhile, so it is looked at again after so long. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Tells when identities expire, with one timer for all of them. A key has one expiry at most. A client is told at the expiry
 * and not before it: it knows its token, and renews it by AUTHENTICATE in time.
 */
export class Expiries<Key> {
  private readonly bySecond = new Map<number, Set<Key>>();
  private readonly secondOf = new Map<Key, number>();
  private readonly timer: Timer;
  private timerAtMs = Number.POSITIVE_INFINITY;

  /** @param expired must not throw; the key is forgotten before it is called */
  constructor(
    private readonly clock: Clock,
    scheduler: Scheduler,
    private readonly expired: (key: Key) => void,
  ) {
    this.timer = new Timer(scheduler);
  }

  get size(): number {
    return this.secondOf.size;
  }

  /** @param expiresAtMs unix time, in the place of an earlier one; null: never */
  set(key: Key, expiresAtMs: number | null): void {
    this.delete(key);
    if (expiresAtMs === null) return;
    const second = Math.ceil(expiresAtMs / STEP_MS);
    this.secondOf.set(key, second);
    const keys = this.bySecond.get(second);
    if (keys) keys.add(key);
    else this.bySecond.set(second, new Set([key]));
    this.wakeAt(second * STEP_MS);
  }

  delete(key: Key): void {
    const second = this.secondOf.get(key);
    if (second === undefined) return;
    this.secondOf.delete(key);
    const keys = this.bySecond.get(second);
    keys?.delete(key);
    if (keys?.size === 0) this.bySecond.delete(second);
  }

  /** Nothing is told any more. */
  close(): void {
    this.timer.stop();
    this.bySecond.clear();
    this.secondOf.clear();
  }

  private look(): void {
    this.timerAtMs = Number.POSITIVE_INFINITY;
    const nowS = Math.floor(this.clock.nowMs() / STEP_MS);
    const due = [...this.bySecond].filter(([second]) => second <= nowS);
    for (const [, keys] of due) {
      for (const key of [...keys]) {
        // another one's expiry may have ended it meanwhile
        if (!keys.has(key)) continue;
        this.delete(key);
        this.expired(key);
      }
    }
    let next = Number.POSITIVE_INFINITY;
    for (const second of this.bySecond.keys()) next = Math.min(next, second);
    if (next !== Number.POSITIVE_INFINITY) this.wakeAt(next * STEP_MS);
  }

  private wakeAt(atMs: number): void {
    if (atMs >= this.timerAtMs) return;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, atMs - this.clock.nowMs()));
    this.timerAtMs = atMs;
    this.timer.set(waitMs, () => this.look());
  }
}
