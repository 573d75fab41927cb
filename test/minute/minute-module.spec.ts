import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import pg from 'pg';
import {
  Clock,
  ExplainAnswer,
  LiveScoreModule,
  type LiveScoreOptions,
  MatchTimes,
  type MatchUpdate,
  MinuteModule,
  PostgresModule,
  UpdateSink,
} from '../../src/index.js';
import { MinuteTick, TICK_NAME } from '../../src/minute/minute-tick.js';
import { LegacyFeedHandler } from '../../src/rollout/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { toUpdate } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const handler = { provide: LegacyFeedHandler, useValue: { handle: async () => undefined } };
@Global()
@Module({ providers: [handler], exports: [handler] })
class LegacyHandler {}

const LIVE = 318;

describe('MinuteModule', () => {
  it.each([
    ['forRoot', () => MinuteModule.forRoot({ mode: 'sometimes' as 'on' })],
    ['forRootAsync', () => MinuteModule.forRootAsync({ useFactory: () => ({ mode: 'sometimes' as 'on' }) })],
  ])('%s refuses a bad option, named, at boot', async (_form, made) => {
    @Module({ imports: [PostgresModule.forRoot({ connection: 'postgres://127.0.0.1:1/nobody' }), made()] })
    class HostModule {}
    const booted = NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
    await expect(booted).rejects.toThrow(/MinuteModule.*"off" or "shadow" or "on".*"sometimes"/s);
  });
});

describe('the minute on PostgreSQL', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  let app: INestApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    sql = new pg.Client(database.url);
    await sql.connect();
  });
  afterAll(async () => {
    await app?.close();
    await sql.end();
    await database.drop();
  });

  async function start(options: LiveScoreOptions, withRollout = false): Promise<void> {
    const all = { postgres: { connection: database.url }, ...options, withRollout };
    @Module({ imports: [ScheduleModule.forRoot(), LegacyHandler, LiveScoreModule.forRoot(all)] })
    class HostModule {}
    app = await NestFactory.create(HostModule, { logger: false, abortOnError: false, forceCloseConnections: true });
    await app.listen(0, '127.0.0.1');
    const ready = async () => (await (await fetch(`${await app.getUrl()}/ready`)).json()) as { standby?: boolean };
    await eventually(async () => (await ready()).standby === false, { what: 'the lease' });
  }

  async function seed(prefix: string, count: number): Promise<void> {
    await sql.query('DELETE FROM ts_matches');
    await sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time, first_half_kickoff_ts, minute, updated_at, last_event_ts,
         provider_update_time)
       SELECT $1 || n, 2, s.now - 600, s.now - 600 - n, 1, '2020-01-01', 7, 8
       FROM generate_series(0, $2::int - 1) n, (SELECT floor(extract(epoch FROM now()))::bigint AS now) s`,
      [prefix, count],
    );
  }

  /** What that job makes of the minute of a match on the direct path. */
  const theirs = async () => {
    await sql.query('UPDATE ts_matches SET minute = 44');
    return (await sql.query(`SELECT minute FROM ts_matches WHERE external_id = 'p0'`)).rows[0].minute;
  };
  const tick = () => app.get(MinuteTick, { strict: false }).tick();
  /** Each row with the transaction that wrote it last. */
  const written = async () =>
    (await sql.query('SELECT external_id, xmin::text FROM ts_matches ORDER BY external_id')).rows;

  it('writes all live matches, tells legacy clients in one go, and those with a clock nothing', async () => {
    await seed('m', LIVE);
    await start({ minute: { mode: 'on', tickMs: 300_000 } });
    const address = (await app.getUrl()).replace('http', 'ws');
    const [legacy, ticking] = await Promise.all(
      ['/ws', '/ws?clock=1'].map((path) => WsTestClient.connect(`${address}${path}`)),
    );
    await tick();
    await eventually(() => legacy?.ofType('MINUTE_UPDATE').length === LIVE, { what: 'every minute' });
    expect(ticking?.ofType('MINUTE_UPDATE')).toEqual([]);
    expect(legacy?.ofType('MINUTE_UPDATE')[0]).toMatchObject({
      statusId: 2,
      source: 'computed',
      clock: { running: true },
    });
    const { rows } = await sql.query(
      `SELECT count(*)::int AS n FROM ts_matches WHERE updated_at = '2020-01-01' AND last_event_ts = 7
         AND provider_update_time = 8 AND minute_source = 'computed'
         AND minute BETWEEN 11 + (substr(external_id, 2)::int) / 60 AND 12 + (substr(external_id, 2)::int) / 60`,
    );
    expect(rows[0].n).toBe(LIVE);
  });

  it('leaves rows alone whose minute is the same', async () => {
    app.get(Clock, { strict: false }).nowMs = (
      (ms: number) => () =>
        ms
    )(Date.now());
    await tick();
    const before = await written();
    expect(before).toHaveLength(LIVE);
    await tick();
    await tick();
    expect(await written()).toEqual(before);
    await app.close();
  });

  it('stands in the registry of the host by its name, until the host deletes it', async () => {
    await start({ minute: { mode: 'on', tickMs: 300_000 } });
    const registry = app.get(SchedulerRegistry, { strict: false });
    expect(registry.getIntervals()).toEqual([TICK_NAME]);
    registry.deleteInterval(TICK_NAME);
    await sql.query('UPDATE ts_matches SET minute = 1');
    await tick();
    expect((await sql.query('SELECT count(*)::int AS n FROM ts_matches WHERE minute > 1')).rows[0].n).toBe(0);
    await app.close();
  });

  it('is switched at run time, tells of itself in health, and compares in shadow', async () => {
    await start({ minute: { mode: 'on', tickMs: 300_000, pollMs: 100 } });
    const health = async () => (await (await fetch(`${await app.getUrl()}/health`)).json()) as { minute: object };
    expect((await health()).minute).toEqual({ mode: 'on', formats_in_doubt: 0 });
    await runCli(['minute', '--set', 'shadow', '--by', 'anna'], { DATABASE_URL: database.url });
    await eventually(async () => 'differences' in (await health()).minute, { what: 'the mode' });
    await seed('s', 3);
    // a tick that is under way began before the rows were there
    await eventually(
      async () => {
        await tick();
        expect((await health()).minute).toEqual({ mode: 'shadow', differences: 3, formats_in_doubt: 0 });
        return true;
      },
      { what: 'the differences' },
    );
    await runCli(['minute', '--set', 'on', '--by', 'anna'], { DATABASE_URL: database.url });
    await app.close();
  });

  it('counts by the format of the match, from the frame to the screen', async () => {
    await start({ minute: { formats: { competitions: { youth: '2x30' } } } });
    const nowS = Math.floor(Date.now() / 1000);
    await sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time, competition_id) VALUES ('y', 1, $1, 'youth')`,
      [nowS - 4_000],
    );
    const times = app.get(MatchTimes, { strict: false });
    await eventually(() => times.formatOf('y').halfMinutes === 30, { what: 'the format' });
    const client = await WsTestClient.connect(`${(await app.getUrl()).replace('http', 'ws')}/ws?clock=1`);
    const tell = (status: 2 | 4, kickoffS: number, incidents?: MatchUpdate['incidents']) =>
      app
        .get(UpdateSink, { strict: false })
        .submit([
          { ...toUpdate({ atS: Date.now() / 1000, status, kickoffS }), matchId: 'y', ...(incidents && { incidents }) },
        ]);
    tell(2, nowS - 4_000);
    await client.next('MATCH_STATE_CHANGE');
    tell(4, nowS - 2_400);
    await eventually(() => client.ofType('MATCH_STATE_CHANGE').length === 2, { what: 'both halves' });
    expect(client.ofType('MATCH_STATE_CHANGE')[1]).toMatchObject({
      optimistic: { minute: 71, minuteText: "60+11'" },
      clock: { startedAt: nowS - 2_400, baseSeconds: 1_800, normalSeconds: 1_800, addedAnnouncedMinutes: null },
    });
    tell(4, nowS - 2_400, [{ type: 19, position: 0, time: 6 }]);
    expect(await client.next('ADDED_TIME')).toMatchObject({ time: 6, clock: { addedAnnouncedMinutes: 6 } });
    const { rows } = await sql.query(`SELECT minute FROM ts_matches WHERE external_id = 'y'`);
    expect(rows[0].minute).toBe(71);
    expect(app.get(ExplainAnswer, { strict: false }).explain('y').format).toEqual({ is: '2x30+2x15', in_doubt: false });
    await app.close();
  });

  it('beside the job of the platform the value is ours on the direct path, theirs elsewhere', async () => {
    await seed('p', 4);
    await start({ minute: { mode: 'on', tickMs: 1_000 } }, true);
    await runCli(['stage', 'set', 'canary', '0', '--reason', 'test', '--by', 'anna'], { DATABASE_URL: database.url });
    await runCli(['pin', 'p0', 'direct', '--reason', 'test', '--by', 'anna'], { DATABASE_URL: database.url });
    await eventually(
      async () => {
        await sql.query('UPDATE ts_matches SET minute = 44, updated_at = now()');
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const { rows } = await sql.query('SELECT external_id AS id, minute FROM ts_matches ORDER BY 1');
        return rows[0].minute !== 44 && rows.slice(1).every(({ minute }) => minute === 44);
      },
      { what: 'ours beside theirs', timeoutMs: 60_000 },
    );
  });

  it('nobody sees the minute of that job on the direct path, however often it writes', async () => {
    // ours may have come just now, and the hold comes after it
    await eventually(async () => (await theirs()) !== 44, { what: 'the hold' });
    const seen = new Set<number>();
    const until = Date.now() + 3_000;
    while (Date.now() < until) {
      await sql.query('UPDATE ts_matches SET minute = 44, minute_source = $1, updated_at = now()', ['api']);
      const { rows } = await sql.query(`SELECT minute FROM ts_matches WHERE external_id = 'p0'`);
      seen.add(rows[0].minute);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect([...seen]).not.toContain(44);
    expect([...seen].every((minute) => minute >= 11 && minute <= 13)).toBe(true);
    const { rows } = await sql.query(`SELECT DISTINCT minute FROM ts_matches WHERE external_id <> 'p0'`);
    expect(rows).toEqual([{ minute: 44 }]);
  });

  it('gives hosts the clock of a match', () => {
    const kickoffs = { firstHalfS: 1_768_660_000, secondHalfS: null, overtimeS: null };
    expect(app.get(MatchTimes, { strict: false }).clockOf({ matchId: 'p0', status: 2, kickoffs })).toMatchObject({
      period: 'first-half',
      startedAt: 1_768_660_000,
      normalSeconds: 2_700,
    });
  });

  it('that job has its minutes back at once when the mode is lowered, and when the host ends', async () => {
    expect(await theirs()).not.toBe(44);
    await runCli(['minute', '--set', 'off', '--by', 'anna'], { DATABASE_URL: database.url });
    expect(await theirs()).toBe(44);
    await runCli(['minute', '--set', 'on', '--by', 'anna'], { DATABASE_URL: database.url });
    await eventually(async () => (await theirs()) !== 44, { what: 'our minute again', timeoutMs: 60_000 });
    await app.close();
    expect(await theirs()).toBe(44);
  });
});
