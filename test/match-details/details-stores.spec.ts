import { PgDetailsStore } from '../../src/match-details/adapters/pg/pg-details-store.js';
import { InMemoryDetailsStore } from '../../src/testing/index.js';
import { detailsStoreContract } from '../contracts/details-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

detailsStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return {
    store: new PgDetailsStore(rows.connection),
    insert: (matchId) => rows.insert(matchId),
    lock: (matchId) => rows.lock(matchId),
    setFence: (fence) => rows.setFence(fence),
    close: () => rows.close(),
  };
});

detailsStoreContract('the in-memory store', async () => {
  const store = new InMemoryDetailsStore();
  return {
    store,
    insert: async (matchId) => store.put(matchId),
    lock: async (matchId) => {
      store.locked.add(matchId);
      return async () => void store.locked.delete(matchId);
    },
    setFence: async (fence) => {
      store.fence = fence;
    },
    close: async () => {},
  };
});
