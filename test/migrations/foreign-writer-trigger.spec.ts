import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

/** Roles belong to the server: another run must not share it. */
const ROLE = `livescore_test_job_${randomBytes(6).toString('hex')}`;

describe('foreign-writer trigger', () => {
  let database: TestDatabase;
  let client: Client;
  const warnings: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    client.on('notice', ({ message }) => warnings.push(String(message)));
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  // Every test runs in a transaction that is undone: the same row, fresh, each time.
  beforeEach(async () => {
    await client.query('ROLLBACK');
    await client.query('BEGIN');
    warnings.length = 0;
    await client.query(`
      INSERT INTO ts_matches (external_id, status_id, home_scores, away_scores, home_score_display, minute, score_version,
                              first_half_kickoff_ts, status_id_source, home_score_source, provider_update_time)
      VALUES ('m', 2, '[1,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', 1, 10, 5, 1700000000, 'mqtt', 'mqtt', 1700000600)`);
  });

  const mode = (value: string) =>
    client.query(`UPDATE livescore_setting SET value = $1 WHERE name = 'foreign_writer_mode'`, [value]);
  const protect = (interval: string) =>
    client.query('UPDATE ts_matches SET score_protected_until = now() + $1::interval', [interval]);

  async function match(): Promise<Record<string, unknown>> {
    const { rows } = await client.query('SELECT * FROM ts_matches');
    return rows[0];
  }
  async function journal(): Promise<Record<string, unknown>[]> {
    const { rows } = await client.query(
      'SELECT match_id, epoch, version, source, before, after, provider_time, settled_at FROM livescore_journal ORDER BY 1, 2, 3',
    );
    return rows;
  }

  const GOAL = `UPDATE ts_matches SET home_scores = '[2,0,0,0,0,0,0]', home_score_display = 2, minute = 11`;

  it('does nothing while off, as installed', async () => {
    await client.query(GOAL);
    expect(await match()).toMatchObject({ score_version: '5', home_score_display: 2 });
    expect(await journal()).toEqual([]);
  });

  it('observe: counts the version up and journals the change', async () => {
    await mode('observe');
    await client.query(`INSERT INTO livescore_journal (match_id, epoch, version, source, after)
      VALUES ('m', 0, 9, 'mqtt', '{}'), ('m', 3, 5, 'mqtt', '{}')`);
    await client.query(GOAL);
    expect(await match()).toMatchObject({ score_version: '6', home_score_display: 2, minute: 11 });
    expect((await journal()).at(-1)).toEqual({
      match_id: 'm',
      epoch: 3,
      version: '6',
      source: 'foreign',
      before: {
        status: 2,
        home: [1, 0, 0, 0, 0, 0, 0],
        away: [0, 0, 0, 0, 0, 0, 0],
        kickoffs: [1700000000, null, null],
      },
      after: {
        status: 2,
        home: [2, 0, 0, 0, 0, 0, 0],
        away: [0, 0, 0, 0, 0, 0, 0],
        kickoffs: [1700000000, null, null],
      },
      provider_time: '1700000600',
      settled_at: null,
    });
  });

  it.each([
    ['status_id = 3'],
    [`away_scores = '[1,0,0,0,0,0,0]'`],
    ['home_scores = NULL'],
    ['away_score_display = 4'],
    ['home_score_regular = 4'],
    ['away_score_overtime = 4'],
    ['home_score_penalties = 4'],
    ['first_half_kickoff_ts = 1'],
    ['second_half_kickoff_ts = 1'],
    ['overtime_kickoff_ts = 1'],
  ])('observe: notices %s', async (change) => {
    await mode('observe');
    await client.query(`UPDATE ts_matches SET ${change}`);
    expect((await match()).score_version).toBe('6');
    expect(await journal()).toHaveLength(1);
  });

  it.each([
    ['the same values again', `status_id = 2, home_scores = '[1, 0,0,0,0,0,0]', home_score_display = 1`],
    ['other columns', `minute = 12, statistics = '{}', incidents = '[]', updated_at = now()`],
    ['our own columns', 'score_seen_at = now(), score_protected_until = now()'],
    ['our own write', `status_id = 3, score_version = score_version + 1`],
  ])('observe: passes over %s', async (_what, change) => {
    await mode('observe');
    const version = change.includes('score_version +') ? '6' : '5';
    await client.query(`UPDATE ts_matches SET ${change}`);
    expect((await match()).score_version).toBe(version);
    expect(await journal()).toEqual([]);
  });

  it('observe: a version that is in the journal already stays as it is there', async () => {
    await mode('observe');
    await client.query(
      `INSERT INTO livescore_journal (match_id, epoch, version, source, after) VALUES ('m', 0, 6, 'mqtt', '{"status":2}')`,
    );
    await client.query(GOAL);
    expect((await match()).score_version).toBe('6');
    expect(await journal()).toMatchObject([{ version: '6', source: 'mqtt' }]);
  });

  it('observe: takes a match without an external id', async () => {
    await mode('observe');
    await client.query(`UPDATE ts_matches SET external_id = NULL, status_id = 3`);
    expect((await match()).score_version).toBe('6');
    expect(warnings).toEqual([]);
  });

  it('protect: keeps score, status, kick-offs and their provenance, and lets the rest of the statement through', async () => {
    await mode('protect');
    await protect('1 minute');
    await client.query(`${GOAL}, status_id = 8, second_half_kickoff_ts = 1, status_id_source = 'api', ended = true,
      home_score_source = 'api', last_update_source = 'watchdog', home_corners = 7, provider_update_time = 1900000000, statistics = '{"a":1}'`);
    expect(await match()).toMatchObject({
      score_version: '5',
      status_id: 2,
      home_scores: [1, 0, 0, 0, 0, 0, 0],
      home_score_display: 1,
      second_half_kickoff_ts: null,
      status_id_source: 'mqtt',
      home_score_source: 'mqtt',
      home_corners: 0,
      provider_update_time: '1700000600',
      minute: 10,
      ended: null,
      last_update_source: null,
      statistics: { a: 1 },
    });
    expect(await journal()).toEqual([]);
  });

  it.each([['-1 second'], [null]])('protect: only observes when the protection ended (%s)', async (until) => {
    await mode('protect');
    if (until) await protect(until);
    await client.query(GOAL);
    expect(await match()).toMatchObject({ score_version: '6', home_score_display: 2 });
    expect(await journal()).toHaveLength(1);
  });

  it.each([
    ['the program that wrote', `last_update_source = 'api_force_refresh'`],
    ['the source of its status', `status_id_source = 'api_manual_refresh', status_id_timestamp = 1`],
    ['the source of a score', `home_score_source = 'api_force_refresh'`],
  ])('protect: never blocks an authority, known by %s, and signs what it wrote', async (_how, mark) => {
    await mode('protect');
    await protect('1 minute');
    await client.query(`${GOAL}, status_id = 8, ${mark}`);
    expect(await match()).toMatchObject({
      score_version: '6',
      status_id: 8,
      home_score_display: 2,
      status_id_source: 'admin',
      home_score_source: 'admin',
    });
    expect(await journal()).toMatchObject([{ source: 'foreign', after: { status: 8, authority: true } }]);
    await client.query('UPDATE ts_matches SET status_id = 3');
    expect(await match()).toMatchObject({ score_version: '6', status_id: 8 });
    await client.query(`UPDATE ts_matches SET status_id = 4, ${mark}`);
    expect(await match()).toMatchObject({ score_version: '7', status_id: 4 });
  });

  it('protect: authorities are those that are named, in words or none', async () => {
    await mode('protect');
    await protect('1 minute');
    const name = (value: string) =>
      client.query(
        `INSERT INTO livescore_setting (name, value) VALUES ('foreign_writer_authorities', $1)
         ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value`,
        [value],
      );
    await name('["desk"]');
    await client.query(`UPDATE ts_matches SET status_id = 3, last_update_source = 'api_force_refresh'`);
    expect(await match()).toMatchObject({ score_version: '5', status_id: 2 });
    await client.query(`UPDATE ts_matches SET status_id = 3, last_update_source = 'desk'`);
    expect(await match()).toMatchObject({ score_version: '6', status_id: 3, last_update_source: 'admin' });
    await name('protect');
    await client.query(`UPDATE ts_matches SET status_id = 4, last_update_source = 'api_force_refresh'`);
    expect(await match()).toMatchObject({ score_version: '7', status_id: 4 });
    expect(warnings).toEqual([]);
  });

  it('protect: the stamp admin alone is no authority', async () => {
    await mode('protect');
    await protect('1 minute');
    await client.query(`UPDATE ts_matches SET status_id = 8, status_id_source = 'admin', status_id_timestamp = 1`);
    expect(await match()).toMatchObject({ score_version: '5', status_id: 2, status_id_source: 'mqtt' });
  });

  it('protect: knows an admin transaction by its setting', async () => {
    await mode('protect');
    await protect('1 minute');
    await client.query(`SET LOCAL livescore.writer = 'admin'`);
    await client.query(GOAL);
    expect(await match()).toMatchObject({ score_version: '6', home_score_display: 2 });
  });

  it('an error inside is a warning, and the foreign statement goes through', async () => {
    await mode('observe');
    await client.query('ALTER TABLE livescore_journal RENAME TO elsewhere');
    await client.query(GOAL);
    expect(await match()).toMatchObject({ home_score_display: 2, score_version: '6' });
    expect(warnings.join()).toContain('livescore: ');
    await client.query('DROP TABLE livescore_setting');
    await client.query(`UPDATE ts_matches SET status_id = 3`);
    expect(await match()).toMatchObject({ status_id: 3 });
  });

  it('works for a role without rights on our tables, whatever its search path', async () => {
    await mode('observe');
    await client.query(`CREATE ROLE ${ROLE}; GRANT SELECT, UPDATE ON ts_matches TO ${ROLE}; SET LOCAL ROLE ${ROLE}`);
    await client.query('CREATE TEMP TABLE livescore_setting (name text, value text)');
    await client.query('SET LOCAL search_path = pg_temp');
    await client.query(GOAL.replace('ts_matches', 'public.ts_matches'));
    await expectRefused('SELECT * FROM public.livescore_journal');
    await client.query('RESET ROLE; SET LOCAL search_path = public');
    expect(await match()).toMatchObject({ score_version: '6', home_score_display: 2 });
    expect(await journal()).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('is the last of the table and takes only known modes', async () => {
    const { rows } = await client.query(
      `SELECT tgname FROM pg_trigger WHERE tgrelid = 'ts_matches'::regclass AND NOT tgisinternal ORDER BY tgname DESC`,
    );
    expect(rows[0].tgname).toBe('zzz_livescore_foreign_writer');
    await expect(mode('protekt')).rejects.toMatchObject({ code: '23514' });
  });

  async function expectRefused(sql: string): Promise<void> {
    await client.query('SAVEPOINT before_refusal');
    await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
    await client.query('ROLLBACK TO SAVEPOINT before_refusal');
  }
});
