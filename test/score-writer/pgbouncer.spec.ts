import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { type PostgresOptions, resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { PgScoreStore } from '../../src/score-writer/adapters/pg/pg-score-store.js';
import { slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { type PgBouncer, pgBouncerInstalled, startPgBouncer } from '../support/pgbouncer.js';
import { WriterUnderTest } from '../support/writer-under-test.js';

guardAgainstLeaks();

if (pgBouncerInstalled()) describe('the score writer through PgBouncer in transaction mode', throughPgBouncer);
else {
  it('is not tested: this machine has no pgbouncer (apt-get install pgbouncer)', async () => {
    expect(await startPgBouncer('postgres://localhost/postgres')).toBeNull();
  });
}

function throughPgBouncer(): void {
  let rows: PgScoreRows;
  let pooler: PgBouncer;
  let log: jest.SpiedFunction<Logger['log']>;
  const databases: PgDatabase[] = [];
  const writers: WriterUnderTest[] = [];

  beforeAll(async () => {
    rows = await PgScoreRows.open();
    const started = await startPgBouncer(rows.url);
    if (!started) throw new Error('pgbouncer was removed while the specs ran');
    pooler = started;
  });
  beforeEach(() => {
    log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
  });
  afterEach(async () => {
    for (const writer of writers.splice(0)) await writer.stop();
    for (const database of databases.splice(0)) await database.close();
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await pooler.stop();
    await rows.close();
  });

  async function start(options: PostgresOptions = {}): Promise<[WriterUnderTest, PgDatabase]> {
    const database = new PgDatabase({ connectionString: pooler.url }, resolvePostgresOptions(options));
    const writer = await WriterUnderTest.on(new PgScoreStore(database));
    databases.push(database);
    writers.push(writer);
    return [writer, database];
  }

  const switches = () => log.mock.calls.filter(([message]) => String(message).startsWith('Transaction pooler found'));

  async function play(under: WriterUnderTest, ids: readonly string[], goals: number): Promise<void> {
    for (const id of ids) await rows.insert(id);
    for (let n = 0; n <= goals; n++) {
      for (const id of ids) under.tell(id, { atS: T + n, status: 2, home: slots(n), kickoffS: T });
      if (n % 3 === 0) await under.settled();
      else await new Promise((resolve) => setImmediate(resolve));
    }
    await under.settled();
  }

  async function expectAllWritten(under: WriterUnderTest, ids: readonly string[], goals: number): Promise<void> {
    for (const id of ids) {
      const row = await rows.row(id);
      expect([id, row.home_score_display, under.count(id, 'goal')]).toEqual([id, goals, goals]);
      expect(await rows.journal(id)).toHaveLength(Number(row.score_version));
    }
    expect(under.fates.filter((fate) => !/^(applied|superseded)\/\S+$/.test(fate))).toEqual([]);
  }

  it('stops naming statements once, says so once, and loses nothing', async () => {
    const [under, database] = await start();
    const ids = Array.from({ length: 20 }, (_, n) => `pooled${n}`);
    await play(under, ids, 12);
    await expectAllWritten(under, ids, 12);
    expect(database.preparesStatements).toBe(false);
    expect(switches()).toHaveLength(1);
  });

  it('several statements refused at the same time switch once and all succeed', async () => {
    const [, database] = await start({ poolSize: 5 });
    const one = { name: 'one', text: 'SELECT 1 AS one' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => database.query(one, [])));
    expect(answers).toEqual(Array(20).fill([{ one: 1 }]));
    expect(switches()).toHaveLength(1);
  });

  it('says nothing when it was told before', async () => {
    const [under] = await start({ preparedStatements: 'never' });
    await play(under, ['told'], 5);
    await expectAllWritten(under, ['told'], 5);
    expect(switches()).toEqual([]);
  });

  it('two writers behind one pooler do not double anything', async () => {
    const [[a], [b]] = [await start(), await start()];
    await rows.insert('both');
    for (let n = 0; n <= 15; n++) {
      for (const under of [a, b]) under.tell('both', { atS: T + n, status: 2, home: slots(n), kickoffS: T });
      if (n % 4 === 0) await Promise.all([a.settled(), b.settled()]);
    }
    await Promise.all([a.settled(), b.settled()]);
    const row = await rows.row('both');
    expect(row.home_score_display).toBe(15);
    expect(await rows.journal('both')).toHaveLength(Number(row.score_version));
    expect(a.count('both', 'goal') + b.count('both', 'goal')).toBe(15);
  });

  it('leaves no session state behind on the server', async () => {
    const [under] = await start();
    await play(under, ['stateless'], 3);
    const { rows: left } = await rows.sql.query(
      `SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND database =
         (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(left).toEqual([{ locks: 0 }]);
  });
}
