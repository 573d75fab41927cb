import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

describe('a role that cannot read which migrations ran', () => {
  let database: TestDatabase;
  let role: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    role = `${new URL(database.url).pathname.slice(1)}_low`;
    await runSql(database.url, `CREATE ROLE "${role}"`);
  });

  afterAll(async () => {
    await runSql(database.url, `DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    await database.drop();
  });

  const migrate = (action: string) =>
    runCli(['migrate', action], { DATABASE_URL: `${database.url}?options=-c%20role%3D${role}` });

  it.each([
    ['REVOKE USAGE ON SCHEMA public FROM PUBLIC', 'USAGE on its schema'],
    ['GRANT USAGE ON SCHEMA public TO PUBLIC', 'SELECT'],
    [
      'GRANT SELECT ON livescore_migrations TO PUBLIC; ALTER TABLE livescore_migrations ENABLE ROW LEVEL SECURITY',
      'row security',
    ],
  ])('is told so, not that all are pending: %s', async (sql, lacks) => {
    await runSql(database.url, sql);
    for (const action of ['status', 'run', 'revert']) {
      const { exitCode, stdout, stderr } = await migrate(action);
      expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(lacks)]);
      expect(stderr).toContain('public.livescore_migrations says which migrations ran');
    }
  });

  it('sees them once it may', async () => {
    await runSql(database.url, 'ALTER TABLE livescore_migrations DISABLE ROW LEVEL SECURITY');
    expect(await migrate('status')).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('pending') });
    const { exitCode, stderr } = await migrate('revert');
    expect([exitCode, stderr]).toEqual([2, expect.not.stringMatching(/^\s+at /m)]);
  });
});
