import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { run as runCommand } from '../../src/cli/run.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { PgSyncRuns } from '../../src/sync/adapters/pg/pg-sync-runs.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { type CliResult, runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const HIDDEN = '\u001b\u202e';
const NAMES = ['category', 'diary', 'player', 'team', 'team-data'];

let database: TestDatabase;
let sql: pg.Client;

function run(...argv: string[]): Promise<CliResult> {
  return runCli(['sync', ...argv], { DATABASE_URL: database.url });
}

async function json(...argv: string[]) {
  return JSON.parse((await run(...argv, '--json')).stdout);
}

/** What a host does: it looks for a wish, claims it, moves the counts, ends it. */
async function claim(entity: string): Promise<string> {
  const claimed = await eventually(
    async () => {
      const { rows } = await sql.query<{ kind: string }>(
        `UPDATE livescore_sync_status s SET run_id = gen_random_uuid(), kind = s.wanted, wanted = NULL, runner = 'host:1',
           started_at = clock_timestamp(), heartbeat_at = clock_timestamp(), page = 1, seen = 0, added = 0
         WHERE entity = $1 AND run_id IS NULL AND wanted IS NOT NULL RETURNING kind`,
        [entity],
      );
      return rows[0];
    },
    { what: `a wish for ${entity}` },
  );
  return String(claimed?.kind);
}

async function set(entity: string, assignments: string): Promise<void> {
  await sql.query(`UPDATE livescore_sync_status SET ${assignments} WHERE entity = $1`, [entity]);
}

const end = (entity: string, verdict: string, more = 'error = NULL') =>
  set(entity, `run_id = NULL, verdict = '${verdict}', finished_at = clock_timestamp(), ${more}`);

async function settings(): Promise<Record<string, string>> {
  const { rows } = await sql.query<{ name: string; value: string }>(
    `SELECT name, value FROM livescore_setting WHERE name LIKE 'sync%' ORDER BY name`,
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

async function open(...names: readonly string[]): Promise<void> {
  database = await createTestDatabase();
  sql = new pg.Client(database.url);
  await sql.connect();
  for (const name of names) await sql.query('INSERT INTO livescore_sync_status (entity) VALUES ($1)', [name]);
}

async function close(): Promise<void> {
  await sql.end();
  await database.drop();
}

describe('livescore sync', () => {
  it.each([
    [[]],
    [['status', 'team', 'player']],
    [['status', '--full']],
    [['run']],
    [['run', 'team', 'player']],
    [['run', 'team', '--timeout', 'soon']],
    [['run', 'team', '--timeout', '0']],
    [['run', 'team', '--timeout', '5', '--no-wait']],
    [['run', 'team', '--accept-deletions']],
    [['run', 'all', '--full', '--accept-deletions']],
    [['run', 'team', '--reason', ' ']],
    [['diff', 'team', '--full']],
    [['diff', 'team', '--no-wait']],
    [['pause']],
    [['pause', 'team', '--timeout', '5']],
    [['--set', 'maybe']],
    [['--set', 'on', 'team']],
    [['stop', 'team']],
  ])('refuses %p', async (argv) => {
    expect(await runCli(['sync', ...argv], { DATABASE_URL: 'postgres://127.0.0.1:1/none' })).toMatchObject({
      exitCode: 2,
      stderr: expect.not.stringMatching(/127\.0\.0\.1|DATABASE_URL/),
    });
  });

  it('says how to switch it on where no host ever kept anything', async () => {
    await open();
    for (const argv of [['status'], ['run', 'team'], ['pause', 'all']]) {
      expect(await run(...argv)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('LIVESCORE_SYNC') });
    }
    expect(await settings()).toEqual({});
    await close();
  });
});

describe('livescore sync status', () => {
  beforeEach(() => open(...NAMES));
  afterEach(close);

  it('tells what runs, how the last run ended, and what the provider has deleted', async () => {
    await set(
      'team',
      `kind = 'incremental', verdict = 'complete', seen = 12, added = 1, changed = 2, page = 2,
       finished_at = clock_timestamp(), complete_at = clock_timestamp() - interval '3 hours', watermark = 1768664000`,
    );
    await set('player', `run_id = gen_random_uuid(), kind = 'full', page = 7, heartbeat_at = clock_timestamp()`);
    await sql.query(
      `INSERT INTO livescore_sync_deleted (entity, external_id, listed_at) VALUES ('team', 'a', NULL), ('team', 'b', NULL),
         ('team', 'c', now())`,
    );
    await sql.query(`INSERT INTO livescore_setting (name, value) VALUES ('sync.diary.enabled', 'false')`);
    const { exitCode, stdout } = await run('status');
    expect(exitCode).toBe(0);
    const text = stdout.replace(/ {2,}/g, ' ');
    expect(text).toContain('\nbudget not shared yet\n');
    expect(text).toContain('\nteam complete incremental host 2 12 1 2 0 0 2 3 h ago 2026-01-17T15:33:20Z');
    expect(text).toContain('\nplayer running full host 7 0 0 0 0 0 0 never -');
    expect(text).toContain('\ndiary never ran paused 1 ');
    await run('--set', 'shadow');
    await sql.query(`INSERT INTO livescore_provider_budget (name, version, state) VALUES ('rest', 1, '{}')`);
    expect(await json('status', 'TEAM')).toMatchObject({
      mode: 'shadow',
      budget: { changedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      entities: [
        {
          entity: 'team',
          running: false,
          verdict: 'complete',
          seen: 12,
          deletionMarks: 2,
          watermark: 1768664000,
          enabled: null,
        },
      ],
    });
  });

  it('ends with 1 when a run stands still or the last one was not complete, and nothing moves a cursor', async () => {
    await set(
      'team',
      `run_id = gen_random_uuid(), runner = 'old:1', started_at = now() - interval '1 hour',
      heartbeat_at = clock_timestamp() - interval '61 seconds'`,
    );
    expect(await run('status')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /team +stale[\s\S]*team +no sign for (6[1-9]|[789]\d) s of the host that runs it \(old:1\)/,
      ),
    });
    await set('team', `heartbeat_at = 'epoch'`);
    expect((await run('status', 'team')).stdout).toMatch(/left by its host \(old:1\)/);
    await end('team', 'failed', `error = E'IP is not authorized\\x1b[2J', watermark = 170000000011`);
    const { exitCode, stdout } = await run('status', 'team');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/team +IP is not authorized\uFFFD\[2J/);
    expect([...HIDDEN].filter((letter) => stdout.includes(letter))).toEqual([]);
    await set('team', 'watermark = 9223372036854775807');
    expect((await run('status', 'team')).stdout).toContain('922337203685477');
    await run('pause', 'team');
    expect(await run('status')).toMatchObject({ exitCode: 0 });
  });
});

describe('livescore sync run', () => {
  beforeEach(() => open(...NAMES));
  afterEach(close);

  it('asks a host, tells each change, and ends as the run does', async () => {
    const done = run('run', 'Team');
    expect(await claim('team')).toBe('incremental');
    await set('team', 'seen = 100, page = 2');
    await set('team', 'seen = 250, added = 3, page = 4, heartbeat_at = clock_timestamp()');
    await end('team', 'complete');
    const { exitCode, stdout, stderr } = await done;
    expect({ exitCode, stderr: stderr.includes('no host') }).toEqual({ exitCode: 0, stderr: false });
    expect(stdout).toMatch(/^team: incremental complete in \d+ s, seen 250, added 3, changed 0/);
  });

  it.each(['partial', 'failed'])('ends with 1 when the run is %s', async (verdict) => {
    const done = run('run', 'team_data', '--full', '--json');
    expect(await claim('team-data')).toBe('full');
    await end('team-data', verdict, `error = 'page 3: 500', seen = 9`);
    const { exitCode, stdout } = await done;
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { entity: 'team-data', kind: 'full', verdict, seen: 9, error: 'page 3: 500' },
    ]);
  });

  it('follows a run that is under way first, then asks', async () => {
    await set(
      'team',
      `run_id = gen_random_uuid(), kind = 'incremental', started_at = clock_timestamp(), heartbeat_at = clock_timestamp()`,
    );
    const lines: string[] = [];
    const output = { stdout: (line: string) => lines.push(line), stderr: (line: string) => lines.push(line) };
    const done = runCommand(['sync', 'run', 'team', '--full'], { DATABASE_URL: database.url }, output);
    await eventually(() => lines.some((line) => line.includes('is under way')), { what: 'the run of others' });
    await end('team', 'complete');
    expect(await claim('team')).toBe('full');
    await end('team', 'complete');
    expect(await done).toBe(0);
    expect(lines.filter((line) => line.startsWith('team: full complete'))).toHaveLength(1);
  });

  it('shows progress in one line where somebody watches', async () => {
    const shown: (string | null)[] = [];
    const output = { stdout: () => {}, stderr: () => {}, progress: (line: string | null) => shown.push(line) };
    const done = runCommand(['sync', 'run', 'team'], { DATABASE_URL: database.url }, output);
    await claim('team');
    await set('team', `seen = 100, page = 2`);
    await eventually(() => shown.some((line) => line?.includes('page 2, seen 100')), { what: 'progress' });
    await end('team', 'complete');
    expect(await done).toBe(0);
    expect(shown.at(-1)).toBeNull();
  });

  it('takes its wish back, and the word about deletions with it, when nobody takes it', async () => {
    const { exitCode, stderr } = await run(
      'run',
      'team',
      '--full',
      '--accept-deletions',
      '--timeout',
      '1',
      '--by',
      'me',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('not followed any longer') });
    const { rows } = await sql.query(`SELECT wanted, wanted_by FROM livescore_sync_status WHERE entity = 'team'`);
    expect(rows).toEqual([{ wanted: null, wanted_by: null }]);
    expect(await settings()).toEqual({ 'sync.team.accept_deletions': 'false' });
  });

  it('says that no host runs when nobody takes it within 10 s', async () => {
    expect(await run('run', 'team')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no host with the sync on runs on this database'),
    });
    expect((await json('status', 'team')).entities).toMatchObject([{ wanted: null }]);
  });

  it('accepts deletions only together with the wish', async () => {
    expect(await run('run', 'team', '--full', '--accept-deletions', '--no-wait', '--by', 'me')).toMatchObject({
      exitCode: 0,
      stdout: 'team: asked for a run (full)',
    });
    expect(await settings()).toEqual({ 'sync.team.accept_deletions': 'true' });
    expect((await json('status', 'team')).entities).toMatchObject([{ wanted: 'full', wantedBy: 'me' }]);
  });

  it('runs the entities for all, and neither jobs nor what is paused', async () => {
    await run('pause', 'player');
    const { exitCode, stderr } = await run('run', 'all', '--no-wait');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'left out, for they are paused: player' });
    const { rows } = await sql.query('SELECT entity FROM livescore_sync_status WHERE wanted IS NOT NULL ORDER BY 1');
    expect(rows.map(({ entity }) => entity)).toEqual(['category', 'team', 'team-data']);
  });

  it('ends with the worst of all', async () => {
    const done = run('run', 'all');
    for (const entity of ['category', 'player', 'team', 'team-data']) await claim(entity);
    await end('team', 'complete');
    await end('category', 'complete');
    await end('player', 'partial');
    await end('team-data', 'complete');
    const { exitCode, stdout } = await done;
    expect(exitCode).toBe(1);
    expect(
      stdout
        .split('\n')
        .map((text) => text.split(' in ')[0])
        .sort(),
    ).toEqual([
      'category: incremental complete',
      'player: incremental partial',
      'team-data: incremental complete',
      'team: incremental complete',
    ]);
  });

  it.each([
    ['taem', 'did you mean "team"?'],
    ['tournament', 'known are category, diary'],
    ["team'; DROP TABLE livescore_sync_status; --", 'there is no entity'],
    ['\u001b[2J\u202e', 'there is no entity'],
  ])('refuses the unknown name %p', async (name, words) => {
    for (const action of ['run', 'diff', 'pause', 'resume', 'status']) {
      const { exitCode, stderr } = await run(action, name);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(words) });
      expect([...HIDDEN].filter((letter) => stderr.includes(letter))).toEqual([]);
    }
    const { rows } = await sql.query('SELECT count(*)::int AS n FROM livescore_sync_status');
    expect(rows).toEqual([{ n: NAMES.length }]);
    expect(await settings()).toEqual({});
  });

  it('does not ask where it is off, in shadow, or paused', async () => {
    await run('--set', 'off');
    expect(await run('run', 'team')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the sync is off') });
    expect(await run('diff', 'team')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('the sync is off'),
    });
    await run('--set', 'shadow');
    expect(await run('run', 'team')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('livescore sync diff'),
    });
    await run('--set', 'on');
    await run('pause', 'team');
    expect(await run('run', 'team')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('team is paused') });
    expect((await json('status')).entities.filter(({ wanted }: { wanted: unknown }) => wanted !== null)).toEqual([]);
  });
});

describe('livescore sync run and a host', () => {
  let connection: PgDatabase;
  let runs: PgSyncRuns;

  beforeEach(async () => {
    await open();
    connection = new PgDatabase({ connectionString: database.url }, resolvePostgresOptions());
    runs = new PgSyncRuns(connection);
    await runs.enrol(NAMES, []);
  });
  afterEach(async () => {
    await connection.close();
    await close();
  });

  const wish = () =>
    eventually(async () => (await runs.look()).rows.find(({ wanted }) => wanted !== null), { what: 'a wish' });

  it('go by the same row', async () => {
    const done = run('run', 'team', '--full', '--accept-deletions', '--json');
    const wished = await wish();
    expect(wished).toMatchObject({ entity: 'team', wanted: 'full' });
    const claimed = await runs.claim('team', 'full', { wanted: 'full' }, 'host:1');
    expect(await runs.takeSetting('sync.team.accept_deletions')).toBe(true);
    const counts = { seen: 9, added: 1, changed: 2, refused: 3, deleted: 4 };
    const own = { entity: 'team', runId: String(claimed?.runId) };
    expect(await runs.beat('team', own.runId, counts)).toBe(true);
    await runs.finish({ ...own, kind: 'full', counts, verdict: 'complete', givesBack: false });
    const { exitCode, stdout } = await done;
    expect({ exitCode, found: JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      found: [{ verdict: 'complete', ...counts }],
    });
  });

  it('leave a run that its host has released to the next one', async () => {
    const done = run('run', 'team');
    await wish();
    const claimed = await runs.claim('team', 'incremental', { wanted: 'incremental' }, 'host:1');
    await runs.release('team', String(claimed?.runId));
    const left = (await runs.look()).rows.find(({ entity }) => entity === 'team');
    if (!left) throw new Error('no row');
    const taken = await runs.takeOver(left, 60_000, 'host:2');
    const counts = { seen: 9, added: 0, changed: 0, refused: 0, deleted: 0 };
    const own = { entity: 'team', runId: String(taken?.runId) };
    await runs.finish({ ...own, kind: 'incremental', counts, verdict: 'partial', error: 'page 4', givesBack: false });
    expect(await done).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/incremental partial.*: page 4$/) });
  });
});

describe('livescore sync diff', () => {
  beforeEach(() => open(...NAMES));
  afterEach(close);

  const DIFF = {
    same: 90,
    changed: 2,
    missing: 1,
    extra: 3,
    fields: { name: 2, national: 1 },
    samples: [{ id: 'a', field: 'name', ours: 'Köln\u001b[2J', theirs: null }],
  };

  it('shows the differences of a paused entity in shadow, and ends with 1', async () => {
    await run('--set', 'shadow');
    await run('pause', 'team');
    const done = run('diff', 'team');
    expect(await claim('team')).toBe('diff');
    await end('team', 'complete', `diff = '${JSON.stringify(DIFF)}'`);
    const { exitCode, stdout } = await done;
    expect(exitCode).toBe(1);
    const text = stdout.replace(/ {2,}/g, ' ');
    expect(text).toContain('same 90\nchanged 2\nmissing 1 that');
    expect(text).toContain('\nname 2\nnational 1\n');
    expect(text).toMatch(/\na name "Köln\\u001b\[2J" null$/);
  });

  it('ends with 0 without differences, and with 1 when it could not compare', async () => {
    const same = run('diff', 'team', '--json');
    await claim('team');
    await end('team', 'complete', `diff = '${JSON.stringify({ ...DIFF, changed: 0, missing: 0, extra: 0 })}'`);
    const { exitCode, stdout } = await same;
    expect({ exitCode, found: JSON.parse(stdout) }).toMatchObject({ exitCode: 0, found: [{ diff: { same: 90 } }] });
    const failed = run('diff', 'team');
    await claim('team');
    await end('team', 'failed', `error = 'no answer'`);
    expect(await failed).toMatchObject({ exitCode: 1, stdout: expect.not.stringContaining('same') });
  });

  it('refuses what is no list', async () => {
    for (const name of ['diary', 'team-data']) {
      expect(await run('diff', name)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('nothing can be compared'),
      });
    }
  });
});

describe('livescore sync pause and resume', () => {
  beforeEach(() => open(...NAMES));
  afterEach(close);

  it('set what all hosts go by, with who and why', async () => {
    expect(await run('pause', 'TEAM-DATA', '--reason', 'a test', '--by', 'me')).toMatchObject({ exitCode: 0 });
    const { rows } = await sql.query(
      `SELECT name, value, changed_by, reason FROM livescore_setting WHERE name LIKE 'sync%'`,
    );
    expect(rows).toEqual([{ name: 'sync.team-data.enabled', value: 'false', changed_by: 'me', reason: 'a test' }]);
    expect(await json('resume', 'team-data')).toEqual({ enabled: ['team-data'] });
    expect(await settings()).toEqual({ 'sync.team-data.enabled': 'true' });
    expect((await json('pause', 'ALL')).paused).toEqual(NAMES);
    expect(Object.keys(await settings())).toHaveLength(NAMES.length);
  });

  it('--set says the mode for all hosts', async () => {
    expect(await json('--set', 'shadow', '--reason', 'first')).toEqual({ mode: 'shadow' });
    expect(await settings()).toEqual({ sync_mode: 'shadow' });
    expect(await json('status')).toMatchObject({ mode: 'shadow' });
  });
});
