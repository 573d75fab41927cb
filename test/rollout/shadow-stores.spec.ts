import { FakeClock, InMemoryShadowStore } from '../../src/testing/index.js';
import { shadowStoreContract } from '../contracts/shadow-store.contract.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgShadowRows } from '../support/pg-shadow-rows.js';

guardAgainstLeaks();

shadowStoreContract('PostgreSQL', () => PgShadowRows.open());

shadowStoreContract('the in-memory store', async () => {
  const store = new InMemoryShadowStore(new FakeClock());
  return {
    store,
    write: async (matchId, row) => void store.legacy.set(matchId, row),
    tally: async (matchId) => store.tallies.get(matchId),
    goals: async () => store.goals,
    close: async () => {},
  };
});
