import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { indexJournalByTime, prepareJournalByTime, undoJournalByTime } from '../../migrations/journal-by-time.js';
import { withLockRetries } from '../../migrations/lock-retries.js';
import { openDatabase } from '../../migrations/open-database.js';
import { RECENT_CHANGES } from '../../src/reannounce/adapters/pg/recent-changes-statement.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

/** Two hundred minutes of 100 changes each; in no vacuum's reach. */
const GROWN = `
ALTER TABLE livescore_journal SET (autovacuum_enabled = off);
INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at)
SELECT 'm' || n / 25, 0, n % 25, 'mqtt', jsonb_build_object('status', 2, 'pad', repeat('x', 200)),
  now() - (20000 - n) * interval '0.6 s'
FROM generate_series(1, 20000) n`;
/** Roles belong to the server: another run must not share it. */
const READER = `livescore_test_reader_${randomBytes(6).toString('hex')}`;

describe('a journal that has grown', () => {
  let database: TestDatabase;
  let client: Client;
  let dataSource: DataSource;
  /** of the journal as it grew, however long ago that is by now */
  let lastMinute: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    // as hosts do, whose plans outlive the size that a table had
    await client.query('SET enable_seqscan = off');
    dataSource = await openDatabase(database.url);
    await inTurn((runner) => undoJournalByTime(runner, 'public'));
    await client.query(GROWN);
    const { rows } = await client.query(
      `SELECT (max(committed_at) - interval '60 s')::text AS "from" FROM livescore_journal`,
    );
    lastMinute = `SELECT count(*)::int AS changes FROM livescore_journal WHERE committed_at > '${rows[0].from}'`;
    await client.query(`CREATE ROLE ${READER}`);
    await client.query(`GRANT SELECT ON livescore_journal TO ${READER}`);
    await client.query(`GRANT UPDATE (settled_at) ON livescore_journal TO ${READER}`);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await client.query(`DROP OWNED BY ${READER}; DROP ROLE ${READER}`);
    await client.end();
    await database.drop();
  });

  async function inTurn(work: (runner: ReturnType<DataSource['createQueryRunner']>) => Promise<void>): Promise<void> {
    const runner = dataSource.createQueryRunner();
    try {
      await withLockRetries(runner, () => work(runner));
    } finally {
      await runner.release();
    }
  }

  async function pagesRead(statement = lastMinute): Promise<number> {
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`);
    const { Plan: plan } = rows[0]['QUERY PLAN'][0];
    return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  }

  /** What a takeover reads of the journal, without what it looks up of each change. */
  async function pagesOfTakeover(): Promise<number> {
    const recent = /SELECT \* FROM livescore_journal[\s\S]*?\$1[\s\S]*?LIMIT \d+/.exec(RECENT_CHANGES.text)?.[0] ?? '';
    return pagesRead(recent.replace('$1', '60000'));
  }

  it('was read as a whole for its last minute', async () => {
    expect(await pagesRead()).toBeGreaterThan(500);
  });

  it('is set aside unread while writers go on, and found by its time', async () => {
    const runner = dataSource.createQueryRunner();
    await prepareJournalByTime(runner, 'public', 0);
    await runner.release();
    await inTurn((runner) => indexJournalByTime(runner, 'public', 0));
    expect((await client.query(lastMinute)).rows[0].changes).toBeGreaterThan(90);
    // of the rows that were set aside one range of pages, of the others an index
    expect(await pagesRead()).toBeLessThan(200);
    expect((await client.query('SELECT count(*)::int AS rows FROM ONLY livescore_journal')).rows).toEqual([
      { rows: 0 },
    ]);
  });

  it('takes new rows, which no vacuum has seen', async () => {
    await client.query(`INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at)
      SELECT 'n' || n, 0, 1, 'mqtt', '{}', now() - n * interval '1 s' FROM generate_series(1, 20000) n`);
    expect(await pagesRead()).toBeLessThan(400);
    const { rows } = await client.query(`SELECT version::int FROM livescore_journal WHERE match_id IN ('m1', 'n1')
      ORDER BY match_id, version DESC LIMIT 1`);
    expect(rows).toEqual([{ version: 24 }]);
  });

  it('is found by its time by a takeover behind a pooler, too, which lets no settings through', async () => {
    await client.query('SET enable_seqscan = on');
    expect(await pagesOfTakeover()).toBeLessThan(150);
    await client.query('SET enable_seqscan = off');
  });

  it('keeps the rights of others, and its comments', async () => {
    const { rows } =
      await client.query(`SELECT has_table_privilege('${READER}', 'livescore_journal', 'SELECT') AS reads,
      has_column_privilege('${READER}', 'livescore_journal', 'settled_at', 'UPDATE') AS settles,
      has_table_privilege('${READER}', 'livescore_journal', 'INSERT') AS inserts,
      col_description('livescore_journal'::regclass, 1) AS comment`);
    expect(rows).toEqual([{ reads: true, settles: true, inserts: false, comment: 'ts_matches.external_id' }]);
  });

  it('is one table again when it is taken back, with every row', async () => {
    await inTurn((runner) => undoJournalByTime(runner, 'public'));
    expect((await client.query('SELECT count(*)::int AS rows FROM ONLY livescore_journal')).rows).toEqual([
      { rows: 40_000 },
    ]);
  });

  it('stays where it is when objects of the host hang on it', async () => {
    await client.query('CREATE VIEW goals AS SELECT match_id FROM livescore_journal');
    await inTurn((runner) => indexJournalByTime(runner, 'public', 0));
    expect((await client.query('SELECT count(*)::int AS rows FROM goals')).rows).toEqual([{ rows: 40_000 }]);
    expect(await pagesRead()).toBeLessThan(400);
    await client.query('DROP VIEW goals');
  });

  it('is dropped with everything when all is taken back', async () => {
    await inTurn((runner) => undoJournalByTime(runner, 'public'));
    await inTurn((runner) => indexJournalByTime(runner, 'public', 0));
    const { exitCode } = await runCli(['migrate', 'revert', '--all', '--yes'], { DATABASE_URL: database.url });
    expect(exitCode).toBe(0);
    expect((await client.query(`SELECT relname FROM pg_class WHERE relname LIKE 'livescore_j%'`)).rows).toEqual([]);
  });
});
