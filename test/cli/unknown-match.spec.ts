import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const MATCH = `INSERT INTO ts_matches (external_id, status_id, match_time, competition_id) VALUES ('m1', 2, 1700000000, 'cup')`;
const CHANGED = `SELECT (SELECT count(*)::int FROM livescore_pin) AS pins, (SELECT count(*)::int FROM livescore_rollout) AS stages,
  (SELECT count(*)::int FROM livescore_journal) AS journal`;

describe('a command about what is not there', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await runSql(database.url, MATCH);
  });
  afterAll(() => database.drop());

  const cli = (line: string) => runCli(line.split(' '), { DATABASE_URL: database.url, USER: 'ada' });

  async function changed(): Promise<unknown> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query(CHANGED)).rows[0];
    } finally {
      await client.end();
    }
  }

  it.each([
    ['pin m1x direct', 2, /there is no match m1x: nothing was done; add --anyway/],
    ['pin m1x legacy', 2, /there is no match m1x/],
    ['pin m1 --remove', 1, /m1 is not pinned/],
    ['stage set canary --percent 1 --reason x --allow m1 --allow m1x', 2, /there is no match m1x: nothing was done/],
    ['stage set canary --percent 1 --reason x --deny m1x', 2, /there is no match m1x/],
    ['stage set canary --percent 1 --reason x --deny-competition cupx', 2, /no competition with a match cupx/],
    ['revert --match m1x', 2, /there is no match m1x/],
    ['revert --match m1', 1, /wrote nothing/],
    ['match end m1x --reason x --yes', 2, /there is no match m1x/],
    ['minute m1x', 1, /No match m1x/],
    ['settlement redo m1x', 2, /there is no match m1x/],
    ['settlement redo m1', 1, /m1 has no settled predictions/],
    ['settlement explain 5f3c1a52-7d0e-4f6b-9a40-0c9e2f6f8f11', 1, /No prediction/],
    ['dead-letters redrive --id 4711', 1, /No dead letter matched/],
    ['dead-letters list --payload 4711', 1, /no dead letter 4711/],
    ['dead-letters purge --reason malformed', 1, /No dead letter matched/],
  ])('says so, and changes nothing: livescore %s', async (line, exitCode, words) => {
    const done = await cli(line);
    expect([done.exitCode, done.stderr]).toEqual([exitCode, expect.stringMatching(words)]);
    expect(await changed()).toEqual({ pins: 0, stages: 0, journal: 0 });
  });

  it('does it all the same when told so', async () => {
    expect(await cli('pin later direct --anyway')).toMatchObject({ exitCode: 0, stdout: 'later is pinned: direct' });
    expect(await cli('pin later --remove')).toMatchObject({ exitCode: 0 });
    const set = 'stage set canary --percent 1 --reason x --allow later --allow-competition later';
    expect(await cli(`${set} --anyway`)).toMatchObject({ exitCode: 0 });
    expect(await cli('stage set canary --percent 2 --reason x --allow m1 --deny-competition cup')).toMatchObject({
      exitCode: 0,
    });
  });
});
