import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Client } from 'pg';
import { type Committed, CommittedChanges } from '../../src/contracts/committed-changes.js';
import { DetailsSink } from '../../src/contracts/details-sink.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { MatchDetailsModule } from '../../src/match-details/match-details.module.js';
import { DetailsStore } from '../../src/match-details/ports/details-store.js';
import { PostgresModule } from '../../src/postgres/postgres.module.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const MATCH = 'l7oqdehg6ko3r51';
const yellow = { type: 3, position: 2, time: 40, player_id: 'p5', player_name: 'E' };
const change = { type: 9, position: 1, time: 60, in_player_id: 'p3', out_player_id: 'p4' };
const goal = { type: 1, position: 2, time: 51, player_id: 'p1', home_score: 0, away_score: 1 };

class Process {
  readonly published: Committed[] = [];

  private constructor(private readonly app: TestingModule) {
    app.get(CommittedChanges).batches$.subscribe((batch) => this.published.push(...batch));
  }

  static async start(connection: string): Promise<Process> {
    const app = await Test.createTestingModule({
      imports: [PostgresModule.forRoot({ connection }), MatchDetailsModule],
    }).compile();
    await app.init();
    return new Process(app);
  }

  submit(parts: Partial<MatchUpdate>, matchId = MATCH): void {
    const receivedAtMs = Date.now();
    const origin = { source: 'mqtt', delivery: 'push', requestedAtMs: null, providerTimeS: null } as const;
    this.app.get(DetailsSink).submit([{ matchId, receivedAtMs, ...origin, ...parts }]);
  }

  async done(count: number): Promise<void> {
    const { details } = this.app.get(LiveScoreMetrics);
    await eventually(async () => (await details.get()).values.reduce((sum, { value }) => sum + value, 0) >= count, {
      what: `${count} outcomes`,
    });
  }

  async outcomes(): Promise<object> {
    const { values } = await this.app.get(LiveScoreMetrics).details.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
  }

  get store(): DetailsStore {
    return this.app.get(DetailsStore, { strict: false });
  }

  async failures(): Promise<object[]> {
    return (await this.app.get(LiveScoreMetrics).writeErrors.get()).values;
  }

  get fresh(): object[] {
    return this.published.flatMap((one) => (one.kind === 'incidents' ? one.fresh : []));
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

describe('match details in PostgreSQL', () => {
  let database: TestDatabase;
  let sql: Client;
  let process: Process;

  const row = async (): Promise<Record<string, unknown>> => {
    const { rows } = await sql.query('SELECT *, xmin::text FROM ts_matches WHERE external_id = $1', [MATCH]);
    return rows[0];
  };
  const set = (column: string, json: unknown) =>
    sql.query(`UPDATE ts_matches SET ${column} = $2::jsonb WHERE external_id = $1`, [MATCH, JSON.stringify(json)]);

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });

  afterAll(async () => {
    await sql?.end();
    await database?.drop();
    Logger.overrideLogger(true);
  });

  beforeEach(async () => {
    await sql.query('DELETE FROM ts_matches');
    await sql.query('DELETE FROM livescore_announced');
    await sql.query('INSERT INTO ts_matches (external_id, status_id, minute) VALUES ($1, 4, 66)', [MATCH]);
    process = await Process.start(database.url);
  });

  afterEach(() => process.stop());

  it('stores the three documents and touches nothing else', async () => {
    const before = await row();
    process.submit({
      statistics: [{ type: 2, home: 5, away: 3 }],
      incidents: [goal, yellow],
      commentary: [{ time: "51'", data: 'Goal', position: 2 }],
    });
    await process.done(1);
    const after = await row();
    expect(after).toEqual({
      ...before,
      xmin: after.xmin,
      statistics: { corners: { home: 5, away: 3 } },
      incidents: [yellow, goal],
      tlive: [{ time: "51'", data: 'Goal', position: 2 }],
    });
    const { rows } = await sql.query('SELECT count(*)::int AS n FROM livescore_journal');
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('does not write when nothing differs', async () => {
    process.submit({ incidents: [goal], statistics: [{ type: 2, home: 5, away: 3 }] });
    await process.done(1);
    const { xmin } = await row();
    process.submit({ incidents: [goal], statistics: [{ type: 2, home: 5, away: 3 }] });
    await process.done(2);
    expect((await row()).xmin).toBe(xmin);
    expect(await process.outcomes()).toEqual({ written: 1, unchanged: 1 });
  });

  it('keeps a statistics document of another shape beside ours', async () => {
    await set('statistics', { matchId: MATCH, basicStats: { shots: 3 }, lastUpdated: 5 });
    process.submit({ statistics: [{ type: 25, home: 57, away: 43 }] });
    await process.done(1);
    expect((await row()).statistics).toEqual({
      matchId: MATCH,
      basicStats: { shots: 3 },
      lastUpdated: 5,
      possession: { home: 57, away: 43 },
    });
  });

  it.each([[{}], ['text'], [null]])('stores an empty list as a list, in place of %j', async (damaged) => {
    await set('incidents', damaged);
    process.submit({ incidents: [] });
    await process.done(1);
    const { rows } = await sql.query('SELECT jsonb_typeof(incidents) AS type, incidents::text AS text FROM ts_matches');
    expect(rows).toEqual([{ type: 'array', text: '[]' }]);
  });

  it('announces cards and substitutions once, also across a restart and a foreign overwrite', async () => {
    process.submit({ incidents: [goal, yellow] });
    await process.done(1);
    process.submit({ incidents: [goal, yellow, change] });
    await process.done(2);
    expect(process.fresh).toEqual([yellow, change]);

    await sql.query('UPDATE ts_matches SET incidents = NULL');
    const restarted = await Process.start(database.url);
    try {
      restarted.submit({ incidents: [goal, yellow, change] });
      await restarted.done(1);
      expect((await row()).incidents).toEqual([yellow, goal, change]);
      expect(restarted.published).toEqual([]);
    } finally {
      await restarted.stop();
    }
  });

  it('announces what was committed although the answer was lost, once', async () => {
    const { store } = process;
    const save = store.save.bind(store);
    store.save = async (...change) => {
      await save(...change);
      store.save = save;
      throw Object.assign(new Error('Connection terminated'), { code: '08006' });
    };
    process.submit({ incidents: [yellow, change] });
    await process.done(1);
    process.submit({ incidents: [yellow, change, goal] });
    await process.done(2);
    expect(process.fresh).toEqual([yellow, change]);
  });

  it('announces what a failed save did not commit when it is committed, once', async () => {
    const { store } = process;
    const save = store.save.bind(store);
    store.save = async () => {
      store.save = save;
      throw Object.assign(new Error('Connection terminated'), { code: '08006' });
    };
    process.submit({ incidents: [yellow] });
    await process.done(1);
    process.submit({ incidents: [yellow, goal] });
    await process.done(2);
    expect(process.fresh).toEqual([yellow]);
  });

  it('two processes on one feed announce each incident once and lose none', async () => {
    const other = await Process.start(database.url);
    try {
      const cards = Array.from({ length: 20 }, (_, time) => ({ ...yellow, time }));
      for (const [at] of cards.entries()) {
        process.submit({ incidents: cards.slice(0, at + 1) });
        other.submit({ incidents: cards.slice(0, at + 1) });
      }
      await eventually(async () => ((await row()).incidents as object[] | null)?.length === 20, { what: '20 cards' });
      await eventually(() => process.fresh.length + other.fresh.length >= 20, { what: '20 announcements' });
      const announced = [...process.fresh, ...other.fresh] as (typeof yellow)[];
      expect(announced.map(({ time }) => time).sort((a, b) => a - b)).toEqual(cards.map(({ time }) => time));
    } finally {
      await other.stop();
    }
  });

  it.each([
    ['documents changed since they were read', 'incidents = \'[{"type":4}]\'', null],
    ['only the score changed since then', 'home_score_display = 3', ['k']],
  ])('saves only what was made from the present documents: %s', async (_what, assignment, expected) => {
    const parts = { statistics: false, incidents: true, commentary: false };
    const read = (await process.store.load([{ matchId: MATCH, parts }])).get(MATCH);
    await sql.query(`UPDATE ts_matches SET ${assignment}`);
    const { incidents } = await row();
    const fingerprint = read?.fingerprint ?? '';
    const save = { matchId: MATCH, parts, fingerprint, incidents: [yellow], announce: ['k'] };
    expect((await process.store.save([save])).get(MATCH) ?? null).toEqual(expected);
    const { rows } = await sql.query('SELECT incident_key FROM livescore_announced');
    expect(rows).toHaveLength(expected ? 1 : 0);
    expect((await row()).incidents).toEqual(expected ? [yellow] : incidents);
  });

  it('does not wait for a row that another transaction holds, and writes it afterwards', async () => {
    await sql.query('INSERT INTO ts_matches (external_id, status_id) VALUES ($1, 4)', ['free']);
    await sql.query('BEGIN');
    try {
      await sql.query('SELECT 1 FROM ts_matches WHERE external_id = $1 FOR UPDATE', [MATCH]);
      process.submit({ incidents: [yellow] });
      process.submit({ incidents: [yellow] }, 'free');
      await process.done(1);
      expect(await process.outcomes()).toEqual({ written: 1 });
      // a statement that waits for the row would have run into its timeout by now
      expect(await process.failures()).toEqual([]);
      expect(process.published).toMatchObject([{ matchId: 'free' }]);
    } finally {
      await sql.query('COMMIT');
    }
    await process.done(2);
    expect((await row()).incidents).toEqual([yellow]);
  });

  it('writes nothing with a fence below that of the lease', async () => {
    const { store } = process;
    const parts = { statistics: true, incidents: false, commentary: false };
    const stored = (await store.load([{ matchId: MATCH, parts }])).get(MATCH);
    if (!stored) throw new Error('no row');
    const { fingerprint } = stored;
    const card = { matchId: MATCH, parts, fingerprint, statistics: { corners: { home: 1, away: 0 } }, announce: ['k'] };
    await sql.query(`UPDATE livescore_lease SET fence = 5`);
    expect(await store.save([card], 4)).toEqual(new Map());
    expect((await row()).statistics).toBeNull();
    expect(await store.save([card], 5)).toEqual(new Map([[MATCH, ['k']]]));
    await sql.query(`UPDATE livescore_lease SET fence = 0`);
  });

  it('counts a match without a row', async () => {
    process.submit({ incidents: [yellow] }, 'nobody');
    await process.done(1);
    expect(await process.outcomes()).toEqual({ unknown: 1 });
    const { rows } = await sql.query('SELECT * FROM livescore_announced');
    expect(rows).toEqual([]);
  });
});
