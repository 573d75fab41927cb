import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { InMemoryMatchLock } from '../../examples/legacy/in-memory-match-lock.js';
import { LiveMatchOrchestrator } from '../../examples/legacy/live-match-orchestrator.js';
import type { FieldUpdate } from '../../src/rollout/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const NOW_S = 1_795_436_000;

describe('LiveMatchOrchestrator', () => {
  let database: TestDatabase;
  let pool: Pool;
  let lock: InMemoryMatchLock;
  let orchestrator: LiveMatchOrchestrator;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    pool = new Pool({ connectionString: database.url, max: 3 });
    // the database goes while its last connections are closing
    pool.on('error', () => undefined);
  });

  beforeEach(async () => {
    await pool.query('TRUNCATE ts_matches');
    await pool.query("INSERT INTO ts_matches (external_id, status_id, status_id_source) VALUES ('m', 2, 'mqtt')");
    lock = new InMemoryMatchLock();
    orchestrator = new LiveMatchOrchestrator(pool, lock, () => NOW_S * 1000);
  });

  afterEach(() => orchestrator.shutdown());

  afterAll(async () => {
    await pool.end();
    await database.drop();
    Logger.overrideLogger(['fatal']);
  });

  it('writes accepted columns with source and time, and tells of them', async () => {
    const events: unknown[] = [];
    orchestrator.on('match:updated', (event) => events.push(event));
    const result = await orchestrator.updateMatch('m', [mqtt('home_score_display', 1), mqtt('minute', 9)], 'mqtt');
    expect(result).toEqual({ status: 'success', fieldsUpdated: ['home_score_display'] });
    expect(events).toEqual([{ matchId: 'm', fields: ['home_score_display'], source: 'mqtt' }]);
    expect(await row()).toMatchObject({
      home_score_display: 1,
      home_score_source: 'mqtt',
      home_score_timestamp: String(NOW_S),
      minute: null,
      home_scores: null,
    });
  });

  it('refuses a status of the feed over that of the api', async () => {
    await orchestrator.updateMatch('m', [api('status_id', 2)], 'matchSync');
    expect(await orchestrator.updateMatch('m', [mqtt('status_id', 3)], 'mqtt')).toEqual({
      status: 'rejected',
      reason: 'All updates rejected by conflict resolution rules',
    });
    expect(await row()).toMatchObject({ status_id: 2, status_id_source: 'api' });
  });

  it('writes the score of an update whose status it refuses', async () => {
    await orchestrator.updateMatch('m', [api('status_id', 4)], 'matchSync');
    await orchestrator.updateMatch('m', [mqtt('status_id', 2), mqtt('away_score_display', 1)], 'mqtt');
    expect(await row()).toMatchObject({ status_id: 4, away_score_display: 1 });
  });

  it('takes a late score of the first half over the final one', async () => {
    await orchestrator.updateMatch('m', [mqtt('home_score_display', 2), mqtt('status_id', 8)], 'mqtt');
    await orchestrator.updateMatch('m', [mqtt('home_score_display', 0, -5_000)], 'mqtt');
    expect(await row()).toMatchObject({ home_score_display: 0, status_id: 8 });
  });

  it('forces minute and end of a match that is over', async () => {
    await pool.query("UPDATE ts_matches SET minute = 90, minute_source = 'computed'");
    const { fieldsUpdated } = await orchestrator.updateMatch('m', [api('status_id', 8)], 'matchSync');
    expect(fieldsUpdated).toEqual(['status_id', 'minute', 'ended']);
    expect(await row()).toMatchObject({ minute: null, minute_source: 'computed', ended: true, status_id: 8 });
    await orchestrator.updateMatch('m', [api('status_id', 5)], 'matchSync');
    expect(await row()).toMatchObject({ status_id: 8 });
  });

  it('loses the score with the incidents: an array is no JSON to the driver', async () => {
    const updates = [mqtt('home_score_display', 1), mqtt('incidents', [{ type: 1 }])];
    const { status, reason } = await orchestrator.updateMatch('m', updates, 'mqtt');
    expect({ status, reason }).toEqual({
      status: 'rejected',
      reason: 'Internal error: invalid input syntax for type json',
    });
    expect(await row()).toMatchObject({ home_score_display: 0, incidents: null });
  });

  it('stores an empty list of incidents as an object', async () => {
    await orchestrator.updateMatch('m', [mqtt('incidents', [])], 'mqtt');
    expect(await row()).toMatchObject({ incidents: {} });
  });

  it('fails on a time that is no whole second', async () => {
    const { reason } = await orchestrator.updateMatch('m', [mqtt('home_score_display', 1, 0.5)], 'mqtt');
    expect(reason).toBe(`Internal error: invalid input syntax for type bigint: "${NOW_S + 0.5}"`);
  });

  it('knows no match that is not in the table', async () => {
    expect(await orchestrator.updateMatch('unknown', [mqtt('home_score_display', 1)], 'mqtt')).toEqual({
      status: 'rejected',
      reason: 'Match not found in database',
    });
  });

  it('gives up at once while another job holds the lock', async () => {
    const events: unknown[] = [];
    orchestrator.on('match:update:retry', (event) => events.push(event));
    const token = await lock.acquire('m', 'matchSync');
    const updates = [mqtt('home_score_display', 1)];
    expect(await orchestrator.updateMatch('m', updates, 'mqtt')).toEqual({
      status: 'retry',
      reason: 'Lock busy - another job is writing to this match',
    });
    expect(events).toEqual([{ matchId: 'm', updates, source: 'mqtt' }]);
    await lock.release('m', token!);
    expect(await orchestrator.updateMatch('m', updates, 'mqtt')).toMatchObject({ status: 'success' });
  });

  it('releases the lock after an error', async () => {
    await orchestrator.updateMatch('m', [mqtt('no_such_column', 1)], 'mqtt');
    expect(await orchestrator.updateMatch('m', [mqtt('home_score_display', 1)], 'mqtt')).toMatchObject({
      status: 'success',
    });
  });

  it('overwrites what came between its reading and its writing', async () => {
    const other = new LiveMatchOrchestrator(pool, new InMemoryMatchLock(), () => NOW_S * 1000);
    const [mine, theirs] = await Promise.all([
      orchestrator.updateMatch('m', [mqtt('home_score_display', 1)], 'mqtt'),
      other.updateMatch('m', [mqtt('home_score_display', 2)], 'mqtt'),
    ]);
    expect([mine.status, theirs.status]).toEqual(['success', 'success']);
    await other.shutdown();
  });

  it('tells how it is, with its listeners', async () => {
    orchestrator.on('match:updated', () => undefined);
    expect(await orchestrator.healthCheck()).toEqual({ healthy: true, redis: true });
    expect(await orchestrator.getStats()).toEqual({
      redisStats: { connected: true },
      eventListeners: [
        { event: 'match:updated', listeners: 1 },
        { event: 'match:update:retry', listeners: 0 },
      ],
    });
  });

  async function row(): Promise<Record<string, unknown>> {
    return (await pool.query("SELECT * FROM ts_matches WHERE external_id = 'm'")).rows[0];
  }
});

function mqtt(field: string, value: unknown, laterS = 0): FieldUpdate {
  return { field, value, source: 'mqtt', priority: 3, timestamp: NOW_S + laterS };
}

function api(field: string, value: unknown): FieldUpdate {
  return { field, value, source: 'api', priority: 2, timestamp: NOW_S };
}
