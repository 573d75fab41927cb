import type { InMemoryScoreStore } from '../../src/testing/index.js';
import type { ScoreStoreHarness } from '../contracts/score-store.contract.js';

/** The rights of an operator beside the store in memory. */
export function inMemoryScoreRows(store: InMemoryScoreStore): ScoreStoreHarness {
  return {
    store,
    insert: async (id) => store.insert(id),
    remove: async (id) => store.remove(id),
    change: async (id, changes) => store.change(id, changes),
    lock: async (id) => {
      const unlock = store.lock(id);
      return async () => unlock();
    },
    setFence: async (fence) => store.setFence(fence),
    journal: async (id) =>
      store.journal
        .filter(({ matchId }) => matchId === id)
        .map(({ epoch, version, source }) => ({ epoch, version, source })),
    close: async () => {},
  };
}
