import { FakeClock, InMemoryBoardStore } from '../../src/testing/index.js';
import { boardStoreContract } from '../contracts/board-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgBoardRows } from '../support/pg-board-rows.js';

guardAgainstLeaks();

boardStoreContract('PostgreSQL', () => PgBoardRows.open());

boardStoreContract('the in-memory store', async () => {
  const clock = new FakeClock();
  const store = new InMemoryBoardStore(clock);
  return {
    store,
    nowMs: () => clock.nowMs(),
    put: async (row) => store.put(row),
    journaled: async (...version) => store.journaled(...version),
    announced: async (...moved) => store.detailsMoved(...moved),
    settled: async (...moved) => store.detailsMoved(...moved),
    close: async () => {},
  };
});
