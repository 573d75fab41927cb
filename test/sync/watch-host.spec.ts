import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { WatchdogJob } from '../../src/sync/watch/watchdog-job.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, runSql, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost } from '../support/example-host.js';
import { jobRun } from '../support/job-run.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const nowS = Math.floor(Date.now() / 1000);

describe('the watchdog in a running host', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
  });
  afterAll(async () => {
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  const look = () => host.app.get(WatchdogJob, { strict: false }).run(jobRun({ job: 'watchdog', kind: 'full' }));
  const get = async (path: string) => (await fetch(host.url + path)).json() as Promise<Record<string, unknown>>;
  /** Nothing was written for ten minutes. */
  const age = (id: string) =>
    runSql(
      database.url,
      `UPDATE ts_matches SET score_seen_at = now() - interval '10 min', last_event_ts = ${nowS - 600},
         status_id_timestamp = ${nowS - 600}, home_score_timestamp = ${nowS - 600}, away_score_timestamp = ${nowS - 600}
       WHERE external_id = '${id}'`,
    );
  const seedLive = async (id: string, kickoffS: number) => {
    await seedMatch(database.url, id);
    await runSql(
      database.url,
      `UPDATE ts_matches SET status_id = 2, minute = 1, first_half_kickoff_ts = ${kickoffS}, last_event_ts = ${nowS},
         home_scores = '[0,0,0,0,0,0,0]', away_scores = '[0,0,0,0,0,0,0]', match_time = ${kickoffS}
       WHERE external_id = '${id}'`,
    );
  };
  const marks = () =>
    rowsOf(database.url, 'SELECT match_id AS id, reason FROM livescore_stale_match ORDER BY match_id');

  it('hears the feed of a match whose row nobody writes, and the format of the minute module', async () => {
    await seedMatch(database.url, 'heard');
    await publisher.publishAsync(
      PROVIDER_TOPIC,
      JSON.stringify(['heard', 2, [0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], nowS - 300]),
    );
    const isLive = async () =>
      (await rowsOf(database.url, `SELECT status_id AS s FROM ts_matches WHERE external_id = 'heard'`))[0]?.s === 2;
    await eventually(isLive, { what: 'the kick-off' });
    await age('heard');
    await seedLive('unheard', nowS - 900);
    await seedLive('short', nowS - 50 * 60);
    await runSql(
      database.url,
      `INSERT INTO livescore_match_format (scope, id, format) VALUES ('match', 'short', '2x30')`,
    );
    await eventually(
      async () => {
        // the writer signs a row that has just come into play, once
        await age('unheard');
        expect(await look()).toEqual({ verdict: 'complete' });
        return (await marks()).length === 2;
      },
      { what: 'both marks' },
    );
    expect(await marks()).toEqual([
      { id: 'short', reason: 'first-half-too-long' },
      { id: 'unheard', reason: 'silent' },
    ]);
  });

  it('tells health how many matches are stale', async () => {
    let health: Record<string, unknown> = {};
    await eventually(
      async () => {
        // a row that the writer signs only now has to be asked about anew
        await age('unheard');
        await runSql(database.url, `UPDATE livescore_stale_match SET asked_at = now() - interval '50 s'`);
        expect(await look()).toEqual({ verdict: 'complete' });
        health = await get('/health');
        return health.stale === 2;
      },
      { what: 'both to be stale' },
    );
    expect(health).toMatchObject({ stale: 2, stale_by_reason: { silent: 1, 'first-half-too-long': 1 } });
  });
});
