import { Client } from 'pg';
import { PgLeaseStore } from '../../src/lease/adapters/pg/pg-lease-store.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { FakeClock, InMemoryLease, InMemoryLeaseStore } from '../../src/testing/index.js';
import { type LeaseStoreHarness, leaseStoreContract } from '../contracts/lease-store.contract.js';
import { createTestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';
import { pgBouncerInstalled, startPgBouncer } from '../support/pgbouncer.js';

guardAgainstLeaks();

async function openPg(pooled: boolean): Promise<LeaseStoreHarness> {
  const database = await createTestDatabase();
  const pooler = pooled ? await startPgBouncer(database.url) : null;
  const connection = new PgDatabase({ connectionString: pooler?.url ?? database.url }, PATIENT_POSTGRES);
  const sql = new Client(database.url);
  await sql.connect();
  const clientId = 'livescore0123456789ab';
  return {
    store: new PgLeaseStore(connection),
    reset: async () => {
      await sql.query('DELETE FROM livescore_lease');
      await sql.query(`INSERT INTO livescore_lease VALUES ('ingest', '', 0, $1, NULL, NULL, '-infinity')`, [clientId]);
    },
    expire: async () => void (await sql.query('UPDATE livescore_lease SET expires_at = clock_timestamp()')),
    remove: async () => void (await sql.query('DELETE FROM livescore_lease')),
    close: async () => {
      await sql.end();
      await connection.close();
      await pooler?.stop();
      await database.drop();
    },
  };
}

leaseStoreContract('PostgreSQL', () => openPg(false));
if (pgBouncerInstalled()) leaseStoreContract('PostgreSQL behind PgBouncer', () => openPg(true));

leaseStoreContract('memory', async () => {
  const clock = new FakeClock();
  const lease = new InMemoryLease(clock);
  return {
    store: new InMemoryLeaseStore(lease),
    reset: async () => void Object.assign(lease, new InMemoryLease(clock)),
    expire: async () => {
      lease.expiresAtMs = clock.nowMs();
    },
    remove: async () => {
      lease.exists = false;
    },
    close: async () => undefined,
  };
});
