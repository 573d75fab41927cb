import { Client } from 'pg';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgBudgetStore } from '../../src/provider/adapters/pg/pg-budget-store.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { InMemoryBudget, InMemoryBudgetStore } from '../../src/testing/in-memory-budget-store.js';
import { type BudgetStoreHarness, budgetStoreContract } from '../contracts/budget-store.contract.js';
import { createTestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';
import { pgBouncerInstalled, startPgBouncer } from '../support/pgbouncer.js';

guardAgainstLeaks();

async function openPg(pooled: boolean): Promise<BudgetStoreHarness> {
  const database = await createTestDatabase();
  const pooler = pooled ? await startPgBouncer(database.url) : null;
  const connection = new PgDatabase({ connectionString: pooler?.url ?? database.url }, PATIENT_POSTGRES);
  const sql = new Client(database.url);
  await sql.connect();
  return {
    store: new PgBudgetStore(connection),
    reset: async () => void (await sql.query('DELETE FROM livescore_provider_budget')),
    overwrite: async (json) => void (await sql.query('UPDATE livescore_provider_budget SET state = $1', [json])),
    close: async () => {
      await sql.end();
      await connection.close();
      await pooler?.stop();
      await database.drop();
    },
  };
}

budgetStoreContract('PostgreSQL', () => openPg(false));
if (pgBouncerInstalled()) budgetStoreContract('PostgreSQL behind PgBouncer', () => openPg(true));

budgetStoreContract('memory', async () => {
  const budget = new InMemoryBudget(new FakeClock(1_766_242_949_000));
  return {
    store: new InMemoryBudgetStore(budget),
    reset: async () => void Object.assign(budget, { version: 0, json: null }),
    overwrite: async (json) => void Object.assign(budget, { json }),
    close: async () => undefined,
  };
});
