import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import fc from 'fast-check';
import pg from 'pg';
import { HEADS, LOAD_BOARD } from '../../src/broadcast/adapters/pg/board-statements.js';
import { PgBoardStore } from '../../src/broadcast/adapters/pg/pg-board-store.js';
import { versionOf } from '../../src/broadcast/board/told-of.js';
import { toldByJournal } from '../../src/broadcast/follow/journal-told.js';
import { STANDARD_TIMES } from '../../src/contracts/match-times.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { Database, ReadDatabase, type Statement } from '../../src/postgres/database.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { PgRecentChanges } from '../../src/reannounce/adapters/pg/pg-recent-changes.js';
import { CHANGES_AFTER } from '../../src/reannounce/adapters/pg/recent-changes-statement.js';
import { RecentChanges } from '../../src/reannounce/ports/recent-changes.js';
import { RecentChangesModule } from '../../src/reannounce/recent-changes.module.js';
import { boardRow } from '../contracts/board-store.contract.js';
import { eventually } from '../support/eventually.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PATIENT_POSTGRES } from '../support/patient-postgres.js';
import { PgBoardRows } from '../support/pg-board-rows.js';
import { pgBouncerInstalled, startPgBouncer } from '../support/pgbouncer.js';
import { randomMatch } from '../support/random-match.js';
import { WriterUnderTest } from '../support/writer-under-test.js';

guardAgainstLeaks();

describe('the board on PostgreSQL', () => {
  let rows: PgBoardRows;
  let warn: jest.SpiedFunction<Logger['warn']>;
  const writers: WriterUnderTest[] = [];

  beforeAll(async () => {
    rows = await PgBoardRows.open();
  });
  beforeEach(() => {
    warn = jest
      .spyOn(Logger.prototype, 'warn')
      .mockReset()
      .mockImplementation(() => undefined);
  });
  afterEach(async () => {
    for (const writer of writers.splice(0)) await writer.stop();
    jest.restoreAllMocks();
    await rows.sql.query(`TRUNCATE livescore_journal, livescore_match_format, ai_predictions; DELETE FROM ts_matches`);
  });
  afterAll(() => rows.close());

  async function writer(): Promise<WriterUnderTest> {
    const under = await WriterUnderTest.on(rows.rows.store);
    writers.push(under);
    return under;
  }

  const load = async (matchId: string) => (await rows.store.load([matchId]))[0];

  /** What clients are told is the same, whoever tells it. */
  const comparable = ({ committedAt, ...told }: ReturnType<typeof versionOf>) => told;

  it('has the state that the writer committed, and the journal tells the versions that the writer told', async () => {
    const journal = new PgRecentChanges(rows.rows.connection);
    let n = 0;
    const run = fc.asyncProperty(randomMatch, fc.infiniteStream(fc.boolean()), async (reports, pauses) => {
      const id = `random${n++}`;
      await rows.rows.insert(id);
      const under = await writer();
      for (const report of reports) {
        under.tell(id, report);
        if (pauses.next().value) await under.settled();
      }
      await under.settled();
      const told = under.commits.map((change) => comparable(versionOf(change, STANDARD_TIMES)));
      const after = { epoch: 0, version: 0 };
      const { changes } = await journal.after([{ matchId: id, after }], 1_000);
      const again = toldByJournal(changes, after, 0, STANDARD_TIMES);
      expect(again.map(({ version }) => version && comparable(version))).toEqual(told);
      const last = under.commits.at(-1);
      if (!last) return;
      const { matchId, status, home, away, kickoffs } = last.after;
      expect(await load(id)).toMatchObject({
        position: { epoch: last.epoch, version: last.version },
        state: { matchId, status, home, away, kickoffs, fallbackKickoffS: 1_700_000_000 },
        source: last.source,
        receivedAtMs: last.receivedAtMs,
      });
      await under.stop();
    });
    await fc.assert(run, { numRuns: 20 });
  });

  it('gives a row that was restored the epoch that its next commit has', async () => {
    const first = await writer();
    await rows.rows.insert('restored');
    for (let n = 0; n < 4; n++) {
      first.tell('restored', { atS: T + n, status: 2, home: slots(n), kickoffS: T });
      await first.settled();
    }
    await rows.sql.query(`UPDATE ts_matches SET score_version = 2 WHERE external_id = 'restored'`);
    expect(await load('restored')).toMatchObject({ position: { epoch: 1, version: 2 }, source: 'unknown' });
    const second = await writer();
    second.tell('restored', { atS: T + 60, status: 2, home: slots(5), kickoffS: T });
    await second.settled();
    expect(await load('restored')).toMatchObject({ position: { epoch: 1, version: 3 }, source: 'mqtt' });
    const { changes } = await new PgRecentChanges(rows.rows.connection).after(
      [{ matchId: 'restored', after: { epoch: 0, version: 3 } }],
      10,
    );
    const told = toldByJournal(changes, { epoch: 0, version: 3 }, 0, STANDARD_TIMES);
    expect(told.map(({ version }) => [version?.previous, version?.position])).toEqual([
      [
        { epoch: 0, version: 3 },
        { epoch: 0, version: 4 },
      ],
      [
        { epoch: 0, version: 4 },
        { epoch: 1, version: 3 },
      ],
    ]);
  });

  it('takes the format of the match before that of its competition, and no format that is not known', async () => {
    for (const id of ['own', 'of competition', 'unknown', 'none']) await rows.put(boardRow(id, 1));
    await rows.sql.query(`UPDATE ts_matches SET competition_id = 'other' WHERE external_id = 'none'`);
    await rows.setFormat('competition', 'c', '2x40');
    await rows.setFormat('match', 'own', '2x30+2x10');
    await rows.setFormat('match', 'unknown', '3x20');
    const formats = (await rows.store.load(['own', 'of competition', 'unknown', 'none'])).map((row) => [
      row.state.matchId,
      row.format?.halfMinutes,
    ]);
    expect(Object.fromEntries(formats)).toEqual({ own: 30, 'of competition': 40, unknown: 40, none: undefined });
  });

  it('leaves out a row that cannot be read, says so, and tells the others', async () => {
    await rows.put(boardRow('well', 1));
    await rows.put(boardRow('torn', 1));
    await rows.sql.query(`UPDATE ts_matches SET home_red_cards = -7 WHERE external_id = 'torn'`);
    expect((await rows.store.load(['well', 'torn'])).map(({ state }) => state.matchId)).toEqual(['well']);
    expect(warn.mock.calls).toEqual([
      ['A match row cannot be read', expect.objectContaining({ code: 'LIVESCORE_UNREADABLE_VALUE' })],
    ]);
  });

  it('reads a list of incidents that is none, and at most a hundred predictions', async () => {
    await rows.put(boardRow('odd', 1));
    await rows.sql.query(`UPDATE ts_matches SET incidents = '{"type": 3}' WHERE external_id = 'odd'`);
    await rows.sql.query(`INSERT INTO ai_predictions (canonical_bot_name, home_team_name, away_team_name, match_id)
      SELECT 'BOT', 'H', 'A', 'odd' FROM generate_series(1, 150)`);
    const details = (await load('odd'))?.details;
    expect([details?.cards, details?.substitutions, details?.predictions.length]).toEqual([[], [], 100]);
  });

  it('asks in slices, however many matches are wanted', async () => {
    await rows.sql.query(
      `INSERT INTO ts_matches (external_id, status_id) SELECT 'many' || n, 4 FROM generate_series(1, 1200) n`,
    );
    const query = jest.spyOn(rows.rows.connection, 'query');
    expect(await rows.store.load(Array.from({ length: 1_300 }, (_, n) => `many${n}`))).toHaveLength(1_200);
    expect(query).toHaveBeenCalledTimes(3);
    expect(await rows.store.current(60_000, 700)).toHaveLength(700);
  });

  it.each([
    [
      'no table of predictions',
      'ALTER TABLE ai_predictions RENAME TO elsewhere',
      'ALTER TABLE elsewhere RENAME TO ai_predictions',
    ],
    [
      'no column of it',
      'ALTER TABLE ai_predictions RENAME result TO verdict',
      'ALTER TABLE ai_predictions RENAME verdict TO result',
    ],
  ])('shows no predictions where there is %s, which is found once', async (_what, lose, restore) => {
    await rows.put(boardRow('alone', 1));
    const database = new PgDatabase({ connectionString: rows.rows.url }, PATIENT_POSTGRES);
    const store = new PgBoardStore(database);
    const query = jest.spyOn(database, 'query');
    await rows.sql.query(lose);
    try {
      expect((await store.load(['alone']))[0]).toEqual(boardRow('alone', 1, { source: 'unknown' }));
      expect(await store.load(['alone'])).toHaveLength(1);
      expect(query).toHaveBeenCalledTimes(3);
      expect(warn).toHaveBeenCalledTimes(1);
    } finally {
      await rows.sql.query(restore);
      await database.close();
    }
  });

  it('shows none where the role may not read them', async () => {
    await rows.put(boardRow('denied', 1));
    const role = `${new URL(rows.rows.url).pathname.slice(1)}_reader`;
    await rows.sql.query(
      `CREATE ROLE ${role} LOGIN; GRANT SELECT ON ts_matches, livescore_journal, livescore_match_format TO ${role}`,
    );
    const address = new URL(rows.rows.url);
    address.username = role;
    const database = new PgDatabase({ connectionString: address.href }, PATIENT_POSTGRES);
    try {
      expect((await new PgBoardStore(database).load(['denied']))[0]?.details.predictions).toEqual([]);
    } finally {
      await database.close();
      await rows.sql.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  describe('with a journal that has grown since its plans were made', () => {
    let client: pg.Client;
    beforeAll(async () => {
      client = new pg.Client(rows.rows.url);
      await client.connect();
      // as the connections of hosts are, whose plans outlive the size that a table had
      await client.query(`SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off`);
    });
    afterAll(() => client.end());

    async function planOf(
      { name }: Statement,
      values: string,
    ): Promise<{ readonly text: string; readonly pages: number }> {
      const { rows: lines } = await client.query(`EXPLAIN (ANALYZE, BUFFERS) EXECUTE ${name} (${values})`);
      const text = lines.map((line) => line['QUERY PLAN']).join('\n');
      const [, hit = '0', read = '0'] = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(text) ?? [];
      return { text, pages: Number(hit) + Number(read) };
    }

    it('finds the newest versions, rows and gaps by indexes', async () => {
      const asked = [
        [HEADS, '5000, 1000'],
        [LOAD_BOARD, `ARRAY['m1']`],
        [CHANGES_AFTER, `ARRAY['m1', 'm2'], ARRAY[0, 0], ARRAY[190, 190], 100`],
      ] as const;
      await rows.sql.query('ALTER TABLE livescore_journal SET (autovacuum_enabled = off)');
      await rows.sql.query('VACUUM ANALYZE livescore_journal');
      for (const [statement, values] of asked) {
        await client.query(`PREPARE ${statement.name} AS ${statement.text}`);
        await planOf(statement, values);
      }
      await rows.sql.query(`INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at)
        SELECT 'm' || n % 100, 0, n / 100, 'mqtt', jsonb_build_object('status', 2, 'pad', repeat('x', 200)),
          now() - (20000 - n + 10) * interval '1 s' - CASE WHEN n > 19890 THEN interval '0' ELSE interval '1 hour' END
          FROM generate_series(1, 20000) n`);
      await rows.put(boardRow('m1', 199));
      const plans: Awaited<ReturnType<typeof planOf>>[] = [];
      for (const [statement, values] of asked) plans.push(await planOf(statement, values));
      for (const { text } of plans) expect(text).not.toMatch(/Seq Scan/);
      expect(plans[0]?.text).toMatch(/Index Scan Backward using livescore_journal_by_time/);
      // the newest are of the last two minutes, the others of an hour before
      const busy = await planOf(HEADS, '1800000, 1000');
      expect(busy.text).toMatch(/rows=110[. ]/);
      // the journal has 1,000 pages and more
      const pages = [...plans, busy].map((plan) => plan.pages);
      expect(pages.map((read, n) => read < [20, 60, 700, 60][n]!)).toEqual([true, true, true, true]);
    });
  });

  describe('through its module', () => {
    /** Those of the database but our own, and whether they read the newest changes last. */
    const connections = async () => {
      const { rows: found } = await rows.sql.query<{ pid: number; reads: boolean }>(
        `SELECT pid, query LIKE '%WITH recent AS%' AS reads FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
           AND backend_type = 'client backend'`,
      );
      return found;
    };

    it('reads over two connections of its own, which are opened when somebody reads, and closed at the end', async () => {
      // those of earlier tests may still be ending
      const others = new Set((await connections()).map(({ pid }) => pid));
      const opened = async () => (await connections()).filter(({ pid }) => !others.has(pid));
      const module = await Test.createTestingModule({
        imports: [PostgresModule.forRoot({ connection: rows.rows.url }), RecentChangesModule],
      }).compile();
      await module.init();
      expect(module.get(ReadDatabase, { strict: false })).not.toBe(module.get(Database, { strict: false }));
      // the one that asks for readiness
      await eventually(async () => (await opened()).length > 0, { what: 'the first question' });
      const before = (await opened()).map(({ pid }) => pid);
      const store = new PgBoardStore(module.get(ReadDatabase, { strict: false }));
      await Promise.all(Array.from({ length: 20 }, () => store.heads(1_000, 10)));
      await module.get(RecentChanges, { strict: false }).load(1_000, 10);
      const readers = (await opened()).filter(({ reads }) => reads);
      expect(readers).toHaveLength(2);
      expect(readers.filter(({ pid }) => before.includes(pid))).toEqual([]);
      // the look at the database that readiness is told by takes one for a moment
      const database = module.get<Database>(Database, { strict: false });
      await eventually(() => database.use === 0, { what: 'the pool of the writer to be at rest' });
      await module.close();
      await eventually(async () => (await opened()).length === 0, { what: 'the connections to be closed' });
    });
  });

  if (pgBouncerInstalled()) {
    it('reads through PgBouncer in transaction mode, too', async () => {
      const pooler = await startPgBouncer(rows.rows.url);
      if (!pooler) throw new Error('pgbouncer was removed while the specs ran');
      const database = new PgDatabase({ connectionString: pooler.url }, { ...PATIENT_POSTGRES, poolSize: 2 });
      try {
        const store = new PgBoardStore(database);
        const journal = new PgRecentChanges(database);
        await rows.journaled('pooled', { epoch: 0, version: 1 }, Date.now());
        await rows.put(boardRow('pooled', 1));
        for (let round = 0; round < 3; round++) {
          const [loaded, heads, current, changes] = await Promise.all([
            store.load(['pooled']),
            store.heads(60_000, 10),
            store.current(60_000, 10),
            journal.after([{ matchId: 'pooled', after: { epoch: 0, version: 0 } }], 10),
          ]);
          expect(loaded).toEqual(current);
          expect(loaded[0]?.position).toEqual(heads.versions[0]?.position);
          expect(changes.changes).toHaveLength(1);
        }
        expect(database.preparesStatements).toBe(false);
      } finally {
        await database.close();
        await pooler.stop();
      }
    });
  }
});
