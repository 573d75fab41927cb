import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgRetentionStore } from '../../src/retention/adapters/pg/pg-retention-store.js';
import { RETAINED_KINDS } from '../../src/retention/ports/retention-store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';

guardAgainstLeaks();

/** Tables that the retention leaves alone, and what keeps each from growing. */
const BOUNDED_OTHERWISE: Readonly<Record<string, string>> = {
  livescore_foreign_write: 'the watch of foreign writers keeps the newest 10,000',
  livescore_host: 'a process deletes its row, and those of a day ago',
  livescore_lease: 'one row',
  livescore_match_format: 'written by hand',
  livescore_pin: 'written by hand, or by a revert for its matches; taken away by hand',
  livescore_provider_budget: 'one row for each provider account',
  livescore_rollout: 'one row for each change of the stage, by hand or by a plan',
  livescore_setting: 'one row for each setting',
  livescore_stale_match: 'the watchdog deletes the mark of a match that moves or has ended',
  livescore_sync_change: 'the sync keeps seven days',
  livescore_sync_status: 'one row for each entity or job',
};

describe('the tables of the package', () => {
  let database: TestDatabase;
  let connection: PgDatabase;
  let store: PgRetentionStore;

  beforeAll(async () => {
    database = await createTestDatabase();
    connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES, 'public');
    store = new PgRetentionStore(connection);
  });

  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  async function tables(): Promise<readonly string[]> {
    const text = `SELECT c.relname::text AS name FROM pg_catalog.pg_class c
      WHERE c.relkind::text = 'r' AND c.relname::text ~ '^livescore_' AND c.relname::text <> 'livescore_migrations' ORDER BY 1`;
    const rows = await connection.query<{ name: string }>({ name: 'livescore_test_tables', text }, []);
    return rows.map(({ name }) => name);
  }

  it('are each kept for a time, or do not grow', async () => {
    const retained = await Promise.all(RETAINED_KINDS.map((kind) => store.count(kind, 1, null)));
    const covered = retained.flatMap(({ rows }) => Object.keys(rows));
    const known = [...new Set([...covered, ...Object.keys(BOUNDED_OTHERWISE)])].sort();
    expect(known).toEqual(await tables());
    expect(covered.filter((table) => table in BOUNDED_OTHERWISE)).toEqual([]);
  });

  it('are all measured, by name of the schema', async () => {
    const sizes = await store.sizes();
    expect(sizes.map(({ table }) => table)).toEqual(await tables());
    expect(sizes.every(({ bytes }) => bytes > 0)).toBe(true);
    expect(sizes.find(({ table }) => table === 'livescore_rollout_decision')?.oldestS).toBeNull();
  });
});
