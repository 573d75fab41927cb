import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const CANNOT = 2;
const COMMANDS = [
  'stage get',
  'pin m1 legacy --by anna',
  'rollout report',
  'foreign-writers',
  'dead-letters list',
  'revert --match m1',
  'explain m1 --url http://127.0.0.1:1',
];

describe.each(COMMANDS)('livescore %s', (command) => {
  const run = (url: string) => runCli(command.split(' '), { DATABASE_URL: url });

  it.each([
    ['postgres://u:secret@127.0.0.1:1/x', 'a server that does not answer'],
    ['not an address', 'an address that is none'],
  ])('names %s', async (url) => {
    const { exitCode, stderr } = await run(url);
    expect([exitCode, stderr]).toEqual([CANNOT, expect.stringMatching(/livescore: database at .* cannot be used: /)]);
    expect(stderr).not.toContain('secret');
  });

  it('says what to do when the tables are missing', async () => {
    const { exitCode, stderr } = await run(empty.url);
    expect([exitCode, stderr]).toEqual([CANNOT, expect.stringContaining(': run `livescore migrate` first')]);
  });

  it('says what to do when the role lacks the right', async () => {
    const { exitCode, stderr } = await run(`${migrated.url}?options=-c%20role%3D${role}`);
    expect([exitCode, stderr]).toEqual([
      CANNOT,
      expect.stringMatching(/may not do that \(permission denied .*\): grant/),
    ]);
  });
});

let empty: TestDatabase;
let migrated: TestDatabase;
let role: string;

beforeAll(async () => {
  empty = await createTestDatabase({ migrate: false });
  migrated = await createTestDatabase();
  role = `${new URL(migrated.url).pathname.slice(1)}_reader`;
  await runSql(migrated.url, `CREATE ROLE "${role}"`);
});

afterAll(async () => {
  await runSql(migrated.url, `DROP ROLE "${role}"`);
  await empty.drop();
  await migrated.drop();
});
