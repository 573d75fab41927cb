import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { run } from '../../src/cli/run.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const MATCH = `INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ('m1', 2, 1700000000);
  INSERT INTO livescore_journal (match_id, epoch, version, source, before, after)
  SELECT 'm1', 0, 1, 'mqtt', s, s FROM (SELECT '{"status":2,"home":null,"away":null,"kickoffs":[]}'::jsonb AS s) AS state;
  INSERT INTO livescore_dead_letter (reason, topic, payload, received_at) VALUES ('malformed', 't', 'x', now())`;
const LEASE = `UPDATE livescore_lease SET holder = 'host-1', expires_at = now() + interval '1 minute'`;

/** Commands that take something away, or write what is not true. */
const DEEDS: readonly (readonly string[])[] = [
  ['migrate', 'revert'],
  ['migrate', 'revert', '--all'],
  ['revert', '--since', '999999d'],
  ['revert', '--match', 'm1'],
  ['dead-letters', 'purge', '--all'],
  ['replay', 'examples/data/worldcup-2022.json'],
];

describe('a command that cannot be taken back', () => {
  let database: TestDatabase;
  let name: string;

  beforeEach(async () => {
    await database?.drop();
    database = await createTestDatabase();
    name = new URL(database.url).pathname.slice(1);
    await runSql(database.url, MATCH);
  });
  afterAll(() => database.drop());

  const environment = () => ({ DATABASE_URL: database.url, MQTT_URL: 'mqtt://127.0.0.1:1', USER: 'ada' });
  const cli = (argv: readonly string[]) => runCli(argv, environment());

  async function rows(): Promise<unknown> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows } = await client.query(`SELECT (SELECT count(*)::int FROM livescore_journal) AS journal,
        (SELECT count(*)::int FROM livescore_dead_letter) AS letters, (SELECT count(*)::int FROM ts_matches) AS matches`);
      return rows[0];
    } finally {
      await client.end();
    }
  }

  it.each(DEEDS.map((argv) => [argv]))('shows its target and does nothing unasked: %j', async (argv) => {
    const { exitCode, stderr } = await cli(argv);
    expect(stderr).toContain(`Database ${name} at postgres://`);
    expect(stderr).toMatch(/\b[1-9]\d* (rows|matches|letters)/);
    expect(stderr).toContain('not confirmed: add --yes');
    expect(exitCode).toBe(2);
    expect(await rows()).toEqual({ journal: 1, letters: 1, matches: 1 });
  });

  it.each([
    ['yes', 2, 'that is not its name'],
    ['the name', 0, 'reverted'],
  ])('asks at a terminal for the name of the database: %s', async (answer, code, said) => {
    const lines: string[] = [];
    const keep = (line: string) => void lines.push(line);
    const ask = async (question: string) => {
      lines.push(question);
      return answer === 'the name' ? name : answer;
    };
    expect(await run(['migrate', 'revert'], environment(), { stdout: keep, stderr: keep, ask })).toBe(code);
    expect(lines.join('\n')).toContain(`Type ${name} to go on: `);
    expect(lines.join('\n')).toMatch(said);
  });

  it.each([[['migrate', 'revert', '--all']], [['revert', '--since', '999999d']]])(
    'is refused beside a host that takes the feed: %j',
    async (argv) => {
      await runSql(database.url, LEASE);
      const { exitCode, stderr } = await cli([...argv, '--yes']);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('host-1): stop it first, or add --force')]);
      expect(await rows()).toEqual({ journal: 1, letters: 1, matches: 1 });
      expect((await cli([...argv, '--yes', '--force'])).stderr).toContain('A host takes the feed into it now: host-1');
    },
  );

  it('is done with --yes', async () => {
    expect((await cli(['dead-letters', 'purge', '--all', '--yes'])).exitCode).toBe(0);
    expect((await cli(['migrate', 'revert', '--all', '--yes'])).stdout).toMatch(/reverted LivescoreTables\d+$/);
  });
});
