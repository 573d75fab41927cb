import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';

guardAgainstLeaks();

const ONE = { name: 'one', text: 'SELECT 1' };
/** Nothing but the look for silent connections ends a statement within a test. */
const OPTIONS = resolvePostgresOptions({ statementTimeoutMs: 60_000 });

describe('a database connection whose other end is gone without a word', () => {
  let server: TestDatabase;
  let gate: TcpGate;
  let database: PgDatabase;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await createTestDatabase({ platformSchema: false, migrate: false });
  });
  afterAll(async () => {
    await server.drop();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });
  beforeEach(async () => {
    gate = new TcpGate(new URL(server.url));
    await gate.open();
    database = new PgDatabase({ connectionString: gate.url }, OPTIONS);
  });
  afterEach(async () => {
    await gate.shut();
    await database.close();
  });

  it.each(['query', 'queryOnDedicatedConnection'] as const)(
    '%s: is found where the network fails, long before its statement may take no longer',
    async (way) => {
      await database[way](ONE, []);
      gate.loseAll();
      await expect(database[way](ONE, [])).rejects.toThrow();
    },
  );

  it.each(['query', 'queryOnDedicatedConnection'] as const)(
    '%s: is found where the server answers others, and the next statement gets another connection',
    async (way) => {
      await database[way](ONE, []);
      gate.losePresent();
      await expect(database[way](ONE, [])).rejects.toThrow();
      await database[way](ONE, []);
    },
  );

  it('is no false alarm while a statement takes two seconds and more', async () => {
    const slow = { name: 'slow', text: 'SELECT pg_sleep(2.5)' };
    await Promise.all([database.queryOnDedicatedConnection(slow, []), database.query(slow, [])]);
  });
});
