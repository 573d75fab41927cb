import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const OLD = `
INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ('over', 8, 1700000000), ('played', 4, 1700000000);
INSERT INTO livescore_journal (match_id, epoch, version, source, before, after, committed_at)
  SELECT m, 0, 1, 'mqtt', '{}', '{}', now() - interval '300 days' FROM unnest(ARRAY['over', 'played']) m;
INSERT INTO livescore_dead_letter (reason, topic, payload, received_at)
  SELECT 'malformed', 't', 'x', now() - n * interval '20 days' FROM generate_series(1, 3) n`;

describe('livescore prune', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    await runSql(database.url, OLD);
  });
  afterEach(() => database.drop());

  const cli = (...argv: string[]) => runCli(['prune', ...argv], { DATABASE_URL: database.url, USER: 'ada' });

  async function left(): Promise<unknown> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows } = await client.query(`SELECT (SELECT array_agg(match_id) FROM livescore_journal) AS journal,
        (SELECT count(*)::int FROM livescore_dead_letter) AS letters`);
      return rows[0];
    } finally {
      await client.end();
    }
  }
  const whole = { journal: ['over', 'played'], letters: 3 };

  it('counts what would go, and leaves it', async () => {
    const { exitCode, stdout } = await cli('--dry-run', '--json');
    const pruned = JSON.parse(stdout);
    expect([exitCode, pruned.deleted, pruned.rows, pruned.failed]).toEqual([0, false, 3, {}]);
    expect(pruned.days).toMatchObject({ journalDays: 180, lettersDays: 30 });
    const table = (name: string) => pruned.tables.find((one: { table: string }) => one.table === name);
    expect(table('livescore_journal')).toMatchObject({ old: 1, bytes: expect.any(Number) });
    expect(table('livescore_journal').oldestS).toBeGreaterThan(299 * 86_400);
    expect(table('livescore_dead_letter')).toMatchObject({ old: 2 });
    expect((await cli('--dry-run')).stdout).toMatch(/^livescore_dead_letter .* 2$/m);
    expect(await left()).toEqual(whole);
  });

  it('says that more may go: what is old goes once the journal of its match is gone', async () => {
    await runSql(
      database.url,
      `INSERT INTO livescore_settlement (prediction_id, is_shadow, revision, match_id, verdict, result, certainty, reason, cause, market,
         rule, rule_version, period, epoch, version, told, fingerprint, decided_at)
       VALUES (gen_random_uuid(), false, 1, 'over', 'won', 'r', 1, 'r', 'feed', 'm', 'r', 1, 'p', 0, 1, true, 'f', now() - interval '800 days')`,
    );
    expect((await cli('--dry-run')).stdout).toMatch(/^would be deleted +at least 3 rows$/m);
    expect((await cli()).stderr).toContain('This deletes at least 3 rows');
    expect(JSON.parse((await cli('--yes', '--json')).stdout)).toMatchObject({ rows: 4 });
  });

  it('asks before it deletes', async () => {
    expect(await cli()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/This deletes at least 3 rows.*\n.*not confirmed/),
    });
    expect(await left()).toEqual(whole);
  });

  it('deletes what is too old, and what is played stays', async () => {
    const { exitCode, stdout } = await cli('--yes', '--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ deleted: true, rows: 3 })]);
    expect(await left()).toEqual({ journal: ['played'], letters: 1 });
    expect(JSON.parse((await cli('--yes', '--json')).stdout)).toMatchObject({ rows: 0 });
  });

  it('keeps for as long as it is told', async () => {
    await cli('--journal-days', '0', '--letters-days', '50', '--yes');
    expect(await left()).toEqual({ journal: ['over', 'played'], letters: 2 });
  });

  it.each([
    [['--letters-days', '3'], 'lettersDays'],
    [['--journal-days', '1.5'], '--journal-days'],
    [['now'], 'unexpected'],
  ])('refuses %j', async (argv, named) => {
    expect(await cli(...argv)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(named) });
  });

  it('names the kinds that the role may not delete, and deletes the others', async () => {
    const role = `livescore_low_${new URL(database.url).pathname.slice(-8)}`;
    await runSql(
      database.url,
      `CREATE ROLE ${role} LOGIN PASSWORD 'low'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};
       GRANT DELETE, UPDATE ON livescore_dead_letter TO ${role}`,
    );
    try {
      const url = Object.assign(new URL(database.url), { username: role, password: 'low' }).href;
      const { exitCode, stdout } = await runCli(['prune', '--yes', '--json'], { DATABASE_URL: url });
      expect([exitCode, JSON.parse(stdout).failed.journal]).toEqual([1, expect.stringContaining('permission denied')]);
      expect(await left()).toEqual({ journal: ['over', 'played'], letters: 1 });
    } finally {
      await runSql(database.url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});
