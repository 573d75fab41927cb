import type { Cancel, Scheduler } from '../../../kernel/scheduler.js';

/** So many are answered before others get a turn of the event loop. */
const SLICE = 200;
/** Ends of waits that are so close together share one timer. */
const GRID_MS = 100;

/** Somebody who asked, as long as the connection stands. */
export interface Visitor {
  readonly isGone: boolean;
  /** Calls `leave` when the connection ends, unless it is forgotten before. */
  onGone(leave: () => void): Cancel;
}

interface Waiter {
  readonly key: string;
  readonly endMs: number;
  readonly forget: Cancel;
  readonly resolve: () => void;
  isOver: boolean;
}

interface End {
  readonly waiters: Set<Waiter>;
  readonly cancel: Cancel;
}

/**
 * The waiting room holds those who wait for news: by what they wait for, and by when they wait no longer. There is one timer
 * for each end, not for each of them, and those who are answered together are answered in slices.
 */
export class WaitingRoom {
  private readonly byKey = new Map<string, Set<Waiter>>();
  private readonly byEnd = new Map<number, End>();
  private leaving: Waiter[] = [];
  private cancel: Cancel | null = null;
  private isClosed = false;

  constructor(private readonly scheduler: Scheduler) {}

  /** Does anybody wait for it? */
  has(key: string): boolean {
    return this.byKey.has(key);
  }

  /** Resolves when `key` is called, when the time is over, when the visitor is gone or the room is closed. Never rejects. */
  wait(key: string, waitMs: number, visitor: Visitor): Promise<void> {
    if (this.isClosed || visitor.isGone || waitMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const endMs = Math.ceil((this.scheduler.monotonicMs() + waitMs) / GRID_MS) * GRID_MS;
      const forget = visitor.onGone(() => this.release(waiter));
      const waiter: Waiter = { key, endMs, forget, resolve, isOver: false };
      this.groupOf(key).add(waiter);
      this.endAt(endMs).waiters.add(waiter);
    });
  }

  /**
   * Answers all who wait for it now, in the next turns of the event loop: what happens until then is in the answer. Those who
   * come later wait for the next call.
   */
  call(key: string): void {
    const group = this.byKey.get(key);
    if (!group) return;
    this.byKey.delete(key);
    this.leave(group);
  }

  /** Answers all, at once; nobody waits any more. */
  close(): void {
    this.isClosed = true;
    this.cancel?.();
    for (const { waiters } of [...this.byEnd.values()]) for (const waiter of [...waiters]) this.release(waiter);
    this.leaving = [];
  }

  private leave(waiters: Iterable<Waiter>): void {
    for (const waiter of waiters) this.leaving.push(waiter);
    this.soon();
  }

  private soon(): void {
    this.cancel ??= this.scheduler.after(0, () => {
      this.cancel = null;
      for (const waiter of this.leaving.splice(0, SLICE)) this.release(waiter);
      if (this.leaving.length > 0) this.soon();
    });
  }

  private groupOf(key: string): Set<Waiter> {
    const known = this.byKey.get(key);
    if (known) return known;
    const group = new Set<Waiter>();
    this.byKey.set(key, group);
    return group;
  }

  private endAt(endMs: number): End {
    const known = this.byEnd.get(endMs);
    if (known) return known;
    const waiters = new Set<Waiter>();
    const cancel = this.scheduler.after(endMs - this.scheduler.monotonicMs(), () => this.leave(waiters));
    const end = { waiters, cancel };
    this.byEnd.set(endMs, end);
    return end;
  }

  /** Once, whatever comes first. */
  private release(waiter: Waiter): void {
    if (waiter.isOver) return;
    waiter.isOver = true;
    const { key, endMs, forget, resolve } = waiter;
    const group = this.byKey.get(key);
    group?.delete(waiter);
    if (group?.size === 0) this.byKey.delete(key);
    const end = this.byEnd.get(endMs);
    end?.waiters.delete(waiter);
    if (end?.waiters.size === 0) {
      end.cancel();
      this.byEnd.delete(endMs);
    }
    forget();
    resolve();
  }
}
