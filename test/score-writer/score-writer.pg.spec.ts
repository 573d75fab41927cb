import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../src/postgres/postgres.options.js';
import { PgScoreStore } from '../../src/score-writer/adapters/pg/pg-score-store.js';
import { eventually } from '../support/eventually.js';
import { FakeLease } from '../support/fake-lease.js';
import { type Report, slots, KICKOFF_S as T } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { WriterUnderTest } from '../support/writer-under-test.js';

guardAgainstLeaks();

const SECOND = T + 62 * 60;
const OVERTIME = SECOND + 55 * 60;

const live = (atS: number, home = 0, away = 0): Report => ({
  atS,
  status: 2,
  home: slots(home),
  away: slots(away),
  kickoffS: T,
});

describe('the score writer on PostgreSQL', () => {
  let rows: PgScoreRows;
  const open: WriterUnderTest[] = [];
  const databases: PgDatabase[] = [];

  beforeAll(async () => {
    rows = await PgScoreRows.open();
  });
  afterAll(() => rows.close());
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const writer of open.splice(0)) await writer.stop();
    for (const database of databases.splice(0)) await database.close();
  });

  async function start(store: PgScoreStore = rows.store): Promise<WriterUnderTest> {
    const writer = await WriterUnderTest.on(store);
    open.push(writer);
    return writer;
  }

  async function kickOff(under: WriterUnderTest, ...ids: string[]): Promise<void> {
    for (const id of ids) {
      await rows.insert(id);
      under.tell(id, live(T));
    }
    await under.settled();
    under.told.clear();
    under.commits.length = 0;
  }

  const scoreOf = async (id: string) => {
    const row = await rows.row(id);
    return `${row.home_score_display}-${row.away_score_display}`;
  };
  const versionsOf = async (id: string) => (await rows.journal(id)).map(({ version }) => version);
  const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

  it('two writers on one row: nothing is lost, one journal row per version, versions without a gap', async () => {
    const [a, b] = [await start(), await start()];
    await kickOff(a, 'race');
    b.tell('race', live(T));
    await b.settled();
    for (let n = 1; n <= 30; n++) {
      const [first, second] = n % 2 ? [a, b] : [b, a];
      first.tell('race', live(T + 60 + n, n));
      second.tell('race', live(T + 60 + n, n));
      if (n % 3 === 0) await Promise.all([a.settled(), b.settled()]);
    }
    await Promise.all([a.settled(), b.settled()]);
    expect(await scoreOf('race')).toBe('30-0');
    const { score_version: version } = await rows.row('race');
    expect(await versionsOf('race')).toEqual(upTo(Number(version)));
    expect(a.count('race', 'goal') + b.count('race', 'goal')).toBe(30);
    expect([...a.fates, ...b.fates].filter((fate) => fate === '-' || fate.includes('and'))).toEqual([]);
  });

  it('a row held by a foreign transaction delays only itself', async () => {
    // no statement that waits for the row would end in time
    const under = await start(new PgScoreStore(databaseWith(60_000)));
    const ids = Array.from({ length: 50 }, (_, n) => `lock${n}`);
    await kickOff(under, ...ids);
    const unlock = await rows.lock('lock7');
    for (const id of ids) under.tell(id, live(T + 60, 1));
    await eventually(() => under.commits.length === 49, { what: 'the other 49' });
    expect(await scoreOf('lock7')).toBe('0-0');
    await unlock();
    await under.settled();
    expect([await scoreOf('lock7'), under.count('lock7', 'goal')]).toEqual(['1-0', 1]);
  });

  it('connections killed under load: every goal is written and told once', async () => {
    const under = await start();
    const ids = Array.from({ length: 20 }, (_, n) => `kill${n}`);
    await kickOff(under, ...ids);
    for (let turn = 1; turn <= 25; turn++) {
      // at most five goals: so many are told of one commit
      for (const id of ids) under.tell(id, live(T + 60 + turn, Math.ceil(turn / 5)));
      if (turn % 5 === 0) {
        await rows.sql.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'livescore' AND datname = current_database()`,
        );
      } else {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await under.settled();
    for (const id of ids) {
      const versions = await versionsOf(id);
      expect([id, await scoreOf(id), under.count(id, 'goal')]).toEqual([id, '5-0', 5]);
      expect(versions).toEqual(upTo(versions.length));
    }
    const told = under.commits.map(({ matchId, version }) => `${matchId}:${version}`);
    expect(new Set(told).size).toBe(told.length);
    expect(under.fates.filter((fate) => fate === '-' || fate.includes('and'))).toEqual([]);
  });

  describe('plain SQL of somebody else', () => {
    const playing = async (id: string) => {
      const under = await start();
      await kickOff(under, id);
      under.tell(id, { atS: SECOND, status: 4, kickoffS: SECOND });
      under.tell(id, { atS: SECOND + 60, status: 4, home: slots(2), away: slots(1), kickoffS: SECOND });
      await under.settled();
      under.commits.length = 0;
      return under;
    };

    it.each<[string, string]>([
      [
        'a stale score without provenance',
        `home_score_display = 1, home_score_regular = 1, home_scores = '[1,0,0,0,0,0,0]'`,
      ],
      ['a score in the regular columns only', 'home_score_regular = 9'],
      ['a display score of NULL', 'home_score_display = NULL, away_score_display = NULL'],
      ['documents of NULL', 'home_scores = NULL, away_scores = NULL'],
      ['a status of NULL', 'status_id = NULL'],
      [
        'every column of an older row',
        `status_id = 2, home_scores = NULL, away_scores = NULL, home_score_display = 0, away_score_display = 0,
         home_score_regular = 0, away_score_regular = 0, minute = 30, first_half_kickoff_ts = NULL,
         second_half_kickoff_ts = NULL, home_corners = NULL, provider_update_time = NULL`,
      ],
    ])('%s: told, and repaired within two rounds, no goal', async (what, set) => {
      const under = await playing(what);
      await rows.sql.query(`UPDATE ts_matches SET ${set} WHERE external_id = $1`, [what]);
      under.clock.set((SECOND + 90) * 1000);
      for (let round = 0; round < 2; round++) {
        await under.drift.round();
        await under.settled();
      }
      expect(await rows.row(what)).toMatchObject({
        status_id: 4,
        home_scores: [2, 0, 0, 0, 0, 0, 0],
        away_scores: [1, 0, 0, 0, 0, 0, 0],
        home_score_display: 2,
        home_score_regular: 2,
        away_score_display: 1,
        home_corners: 0,
        first_half_kickoff_ts: String(T),
        second_half_kickoff_ts: String(SECOND),
      });
      expect(under.commits.map(({ source }) => source)).toEqual(['foreign', 'mqtt']);
      expect([under.count(what, 'goal'), under.count(what, 'goal-cancelled')]).toEqual([0, 0]);
      await under.drift.round();
      expect(under.commits).toHaveLength(2);
    });

    it('of an endpoint that people use is kept', async () => {
      const under = await playing('operator');
      await rows.change('operator', { home: slots(3), scoreSource: 'api_manual_refresh', scoreSourceAtS: SECOND + 80 });
      under.clock.set((SECOND + 90) * 1000);
      await under.drift.round();
      await under.settled();
      expect([await scoreOf('operator'), under.events('operator')]).toEqual([
        '3-1',
        [{ type: 'score-changed', homeScore: 3, awayScore: 1 }],
      ]);
    });

    it('of the minute, or of columns that are not ours, is left alone', async () => {
      const under = await playing('minute');
      await rows.sql.query(`UPDATE ts_matches SET minute = 80, note = 'x' WHERE external_id = 'minute'`);
      await under.drift.round();
      expect(under.commits).toEqual([]);
      under.tell('minute', { atS: SECOND + 100, status: 4, home: slots(3), away: slots(1), kickoffS: SECOND });
      await under.settled();
      expect(await rows.row('minute')).toMatchObject({ minute: 80, note: 'x', home_score_display: 3 });
    });
  });

  it('rows as legacy jobs left them are read, and written whole by the first frame', async () => {
    const under = await start();
    await rows.sql.query(`
      INSERT INTO ts_matches (external_id, status_id, match_time, home_scores, away_scores, home_score_display,
        away_score_display, home_score_regular, away_score_regular) VALUES
        ('legacy-null', NULL, 1700000000, NULL, NULL, NULL, NULL, NULL, NULL),
        ('legacy-regular', 2, 1700000000, NULL, NULL, NULL, NULL, 1, 0),
        ('legacy-object', 2, 1700000000, '{"score":1}', '[]', 1, 0, NULL, NULL)`);
    for (const id of ['legacy-null', 'legacy-regular', 'legacy-object']) under.tell(id, live(T + 60, 1));
    await under.settled();
    expect(under.fates).toEqual(['applied/changed', 'applied/changed', 'applied/changed']);
    for (const id of ['legacy-null', 'legacy-regular', 'legacy-object']) {
      expect(await rows.row(id)).toMatchObject({
        status_id: 2,
        home_scores: [1, 0, 0, 0, 0, 0, 0],
        away_scores: [0, 0, 0, 0, 0, 0, 0],
        home_score_display: 1,
        away_score_display: 0,
        home_score_regular: 1,
        first_half_kickoff_ts: String(T),
      });
    }
    expect(under.count('legacy-null', 'goal')).toBe(1);
    expect([under.count('legacy-regular', 'goal'), under.count('legacy-object', 'goal')]).toEqual([0, 0]);
  });

  it('ids are opaque: each its own row, one that cannot be stored harms nobody', async () => {
    const under = await start();
    const ids = [
      'l7oqdehg6ko3r51',
      '318q66hxnyk0qo9',
      '123456789012345678901',
      '318e66',
      '0318e66',
      '3.18e68',
      'ID',
      'id',
    ];
    await kickOff(under, ...ids);
    for (const [n, id] of ids.entries()) under.tell(id, live(T + 60, n + 1));
    const bad = under.tell('nul\u0000inside', live(T + 61, 9));
    await under.settled();
    for (const [n, id] of ids.entries()) expect([id, await scoreOf(id)]).toEqual([id, `${n + 1}-0`]);
    expect(under.fateOf(bad)).toEqual(['parked/no-row']);
  });

  it('a count that no column can hold is dead, its neighbours are not', async () => {
    const under = await start();
    await kickOff(under, 'big', 'small');
    under.tell('big', { ...live(T + 60, 1), away: slots(0, { corners: 3_000_000_000 }) });
    under.tell('small', live(T + 60, 1));
    await under.settled();
    expect(under.fates).toEqual(['dead/cannot-be-written', 'applied/changed']);
    under.tell('big', live(T + 61, 1));
    await under.settled();
    expect([await scoreOf('big'), under.count('big', 'goal')]).toEqual(['1-0', 1]);
  });

  describe('a restart', () => {
    const EVENING: readonly Report[] = [
      { atS: T, status: 2, kickoffS: T },
      { atS: T + 600, status: 2, home: slots(1), kickoffS: T },
      { atS: T + 2800, status: 3, home: slots(1, { ht: 1 }), kickoffS: T },
      { atS: SECOND, status: 4, home: slots(1, { ht: 1 }), kickoffS: SECOND },
      { atS: SECOND + 900, status: 4, home: slots(1, { ht: 1 }), away: slots(1), kickoffS: SECOND },
      { atS: SECOND + 2900, status: 8, home: slots(1, { ht: 1 }), away: slots(1), kickoffS: SECOND },
      { atS: OVERTIME, status: 5, home: slots(1, { ht: 1, et: 1 }), away: slots(1, { et: 1 }), kickoffS: OVERTIME },
      {
        atS: OVERTIME + 900,
        status: 5,
        home: slots(1, { ht: 1, et: 2 }),
        away: slots(1, { et: 2 }),
        kickoffS: OVERTIME,
      },
      {
        atS: OVERTIME + 2000,
        status: 8,
        home: slots(1, { ht: 1, et: 2 }),
        away: slots(1, { et: 2 }),
        kickoffS: OVERTIME,
      },
      { atS: OVERTIME + 2200, status: 7, home: slots(1, { ht: 1, et: 2, pens: 1 }), away: slots(1, { et: 2 }) },
      { atS: OVERTIME + 2500, status: 8, home: slots(1, { ht: 1, et: 2, pens: 1 }), away: slots(1, { et: 2 }) },
    ];

    it('after every single frame of a long evening: the same row and the same events as without', async () => {
      for (const id of ['steady', 'shaken']) await rows.insert(id);
      const steady = await start();
      for (const report of EVENING) {
        steady.tell('steady', report);
        await steady.settled();
      }
      const events: unknown[] = [];
      for (const [n, report] of EVENING.entries()) {
        const under = await start();
        const before = EVENING[n - 1];
        if (before) under.tell('shaken', { ...before, atS: report.atS - 1 });
        under.tell('shaken', report);
        await under.settled();
        expect(under.fates.at(-1)).toBe('applied/changed');
        events.push(...under.events('shaken'));
      }
      const goals = (all: readonly unknown[]) => all.filter((event) => JSON.stringify(event).includes('"goal'));
      expect(goals(events)).toEqual(goals(steady.events('steady')));
      const kinds = (all: readonly unknown[]) =>
        all.map((event) => (event as { type: string }).type).filter((type) => type !== 'minute-changed');
      expect(kinds(events)).toEqual(kinds(steady.events('steady')));
      const seen = async (id: string) => {
        const {
          status_id,
          home_scores,
          away_scores,
          home_score_display,
          away_score_display,
          first_half_kickoff_ts,
          second_half_kickoff_ts,
          overtime_kickoff_ts,
          score_version,
        } = await rows.row(id);
        return {
          status_id,
          home_scores,
          away_scores,
          home_score_display,
          away_score_display,
          first_half_kickoff_ts,
          second_half_kickoff_ts,
          overtime_kickoff_ts,
          score_version,
        };
      };
      expect(await seen('shaken')).toEqual(await seen('steady'));
      expect(await seen('steady')).toMatchObject({
        status_id: 8,
        home_score_display: 3,
        overtime_kickoff_ts: String(OVERTIME),
      });
    });

    it('no late frame takes a finished match back afterwards', async () => {
      for (const late of EVENING.slice(0, -1)) {
        const under = await start();
        under.tell('shaken', { ...late, atS: OVERTIME + 2600 });
        await under.settled();
        expect(under.fates[0]).toMatch(/^(stale|illegal)/);
      }
      expect((await rows.row('shaken')).status_id).toBe(8);
    });
  });

  it('a table without the migration: scores wait, and are written when it is there', async () => {
    await rows.insert('early');
    await rows.sql.query('ALTER TABLE ts_matches RENAME COLUMN score_version TO score_version_hidden');
    const database = new PgDatabase({ connectionString: rows.url }, resolvePostgresOptions());
    const under = await start(new PgScoreStore(database));
    under.tell('early', live(T, 1));
    await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
    await rows.sql.query('ALTER TABLE ts_matches RENAME COLUMN score_version_hidden TO score_version');
    await under.settled();
    expect([await scoreOf('early'), under.writer.healthy]).toEqual(['1-0', true]);
    await database.close();
  });

  it.each([
    ['slower than one statement may be: cancelled, tried again, written once', 150],
    ['slow: written all the same', 5_000],
  ])('a database that is %s', async (what, statementTimeoutMs) => {
    const connection = databaseWith(statementTimeoutMs);
    const store = new PgScoreStore(connection);
    const under = await start(store);
    try {
      await kickOff(under, what);
      await rows.sql.query(`CREATE OR REPLACE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.4); RETURN NEW; END $$`);
      await rows.sql.query('CREATE TRIGGER slow BEFORE UPDATE ON ts_matches FOR EACH ROW EXECUTE FUNCTION be_slow()');
      under.tell(what, live(T + 60, 1));
      under.tell(what, live(T + 61, 1));
      const tooSlow = statementTimeoutMs < 400;
      if (tooSlow) await eventually(() => !under.writer.healthy, { what: 'the writer to notice' });
      const writes = jest.spyOn(store, 'write');
      under.tell(what, live(T + 62, 2));
      // a statement that left before knows nothing of the last frame, and may find the trigger gone
      if (tooSlow) await eventually(() => writes.mock.calls.length > 0, { what: 'another try' });
      if (tooSlow) await rows.sql.query('DROP TRIGGER slow ON ts_matches');
      await under.settled();
      expect(under.fates.filter((fate) => fate === 'applied/changed').length).toBe(tooSlow ? 1 : 2);
      expect(under.fates.filter((fate) => fate === '-' || fate.includes(' and '))).toEqual([]);
      expect([await scoreOf(what), under.count(what, 'goal')]).toEqual(['2-0', 2]);
      expect(await versionsOf(what)).toEqual(upTo(under.commits.length + 1));
    } finally {
      await rows.sql.query('DROP TRIGGER IF EXISTS slow ON ts_matches');
      await under.stop();
      await connection.close();
    }
  });

  it('a lease taken by somebody else: nothing more is written', async () => {
    const lease = new FakeLease(4);
    const under = await WriterUnderTest.on(rows.store, {}, { lease });
    open.push(under);
    await rows.setFence(4);
    await kickOff(under, 'leased', 'leased too');
    await rows.setFence(5);
    under.tell('leased', live(T + 60, 1));
    under.tell('leased too', live(T + 60, 1));
    await eventually(() => lease.doubts > 0, { what: 'the doubt' });
    lease.lose();
    await under.settled();
    expect(under.fates).toEqual(['stale/lease-lost', 'stale/lease-lost']);
    expect([await scoreOf('leased'), await scoreOf('leased too')]).toEqual(['0-0', '0-0']);
    await rows.setFence(0);
  });

  it('a trigger of the host that refuses one row holds up nobody else', async () => {
    const under = await start();
    await kickOff(under, 'refused', 'fine');
    const client = new pg.Client(rows.url);
    await client.connect();
    await client.query(`
      CREATE FUNCTION host_rule() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
      CREATE TRIGGER host_rule BEFORE UPDATE ON ts_matches FOR EACH ROW WHEN (OLD.external_id = 'refused')
        EXECUTE FUNCTION host_rule()`);
    under.tell('refused', live(T + 60, 1));
    under.tell('fine', live(T + 60, 1));
    await under.settled();
    expect(under.fates).toEqual(['dead/cannot-be-written', 'applied/changed']);
    await client.query('DROP TRIGGER host_rule ON ts_matches');
    await client.end();
  });

  it.each<[string, string, number]>([
    ['fails with 42883', 'PERFORM no_such_function(NEW.external_id)', 10_000],
    ['fails with 42P01', 'PERFORM 1 FROM no_such_table', 10_000],
    ['fails with XX000', "RAISE EXCEPTION 'broken' USING ERRCODE = 'XX000'", 10_000],
    ['hangs', 'PERFORM pg_sleep(60)', 400],
  ])('a trigger of the host that %s on one row stops no other', async (what, body, statementTimeoutMs) => {
    const name = what.replaceAll(' ', '_').toLowerCase();
    const [sick, ...others] = ['sick', 'b', 'c', 'd'].map((id) => `${name}-${id}`) as [string, ...string[]];
    const database = databaseWith(statementTimeoutMs);
    try {
      const under = await start(new PgScoreStore(database));
      await kickOff(under, sick, ...others);
      await rows.sql.query(
        `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$`,
      );
      await rows.sql.query(`CREATE TRIGGER ${name} BEFORE UPDATE ON ts_matches FOR EACH ROW
        WHEN (OLD.external_id = '${sick}') EXECUTE FUNCTION ${name}()`);
      for (let goals = 1; goals <= 3; goals++) {
        for (const id of [sick, ...others]) under.tell(id, live(T + 60 * goals, goals));
        const told = async () => (await Promise.all(others.map(scoreOf))).every((score) => score === `${goals}-0`);
        await eventually(told, { what: `goal ${goals} of the others` });
      }
      expect([await scoreOf(sick), under.writer.healthy]).toEqual(['0-0', true]);
      await rows.sql.query(`DROP TRIGGER ${name} ON ts_matches`);
      await eventually(async () => (await scoreOf(sick)) === '3-0', {
        what: 'the row to be written',
        timeoutMs: 60_000,
      });
      await under.settled();
    } finally {
      await rows.sql.query(`DROP FUNCTION ${name}() CASCADE`);
      for (const writer of open.splice(0)) await writer.stop();
      await database.close();
    }
  });

  function databaseWith(statementTimeoutMs: number): PgDatabase {
    const database = new PgDatabase({ connectionString: rows.url }, resolvePostgresOptions({ statementTimeoutMs }));
    databases.push(database);
    return database;
  }
});
