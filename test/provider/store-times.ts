import type { BudgetStore } from '../../src/provider/ports/budget-store.js';

/**
 * Turns are counted by the clock of the store, and come as late as its answers: so many more of them may come within a
 * second, whose own time was before it.
 */
export class StoreTimes {
  private longestMs = 0;

  /** The same store. One that decides for one instance: one decision after the other. */
  watch(store: BudgetStore): BudgetStore {
    let readAtMs = 0;
    const { read, compareAndSet } = store;
    store.read = () => {
      readAtMs = performance.now();
      return read.call(store);
    };
    store.compareAndSet = async (...change) => {
      const isSet = await compareAndSet.apply(store, change);
      this.longestMs = Math.max(this.longestMs, performance.now() - readAtMs);
      return isSet;
    };
    return store;
  }

  /** Turns that were late at most; none on a machine that has time. */
  lateTurns(perSecond: number): number {
    return Math.floor((perSecond * this.longestMs) / 1_000);
  }
}

/** The most that fell into any second. */
export function mostInOneSecond(timesMs: readonly number[]): number {
  return Math.max(...timesMs.map((fromMs) => timesMs.filter((ms) => ms >= fromMs && ms < fromMs + 1_000).length));
}
