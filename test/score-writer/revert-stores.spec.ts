import { PgRevertStore } from '../../src/score-writer/adapters/pg/pg-revert-store.js';
import { InMemoryRevertStore, InMemoryScoreStore } from '../../src/testing/index.js';
import { revertStoreContract } from '../contracts/revert-store.contract.js';
import { inMemoryScoreRows } from '../support/in-memory-score-rows.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';

guardAgainstLeaks();

revertStoreContract('PostgreSQL', async () => {
  const rows = await PgScoreRows.open();
  return Object.assign(rows, { reverts: new PgRevertStore(rows.connection) });
});

revertStoreContract('the in-memory store', async () => {
  const store = new InMemoryScoreStore();
  return { ...inMemoryScoreRows(store), reverts: new InMemoryRevertStore(store) };
});
