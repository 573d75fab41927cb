import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { LegacyEvents, type MatchUpdated, RolloutState } from '../../src/rollout/index.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { type IsMadeUp, WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

/** The path of before tells no version. */
const ofTheLegacyPath: IsMadeUp = ({ type, version }) => type === 'SCORE_CHANGE' && version === undefined;
const kickoffS = Math.floor(Date.now() / 1000) - 600;

describe('the example host in a rollout', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;
  let screen: WsTestClient;

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url, rollout: true });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
    screen = await WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws`, ofTheLegacyPath);
  });

  afterAll(async () => {
    screen?.close();
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  const publishGoal = (id: string, home: number) =>
    publisher.publishAsync(
      PROVIDER_TOPIC,
      JSON.stringify([{ id, score: [id, 2, [home, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 2, 0, 0], kickoffS] }]),
    );
  const frames = (matchId: string, type: string) =>
    screen.frames.filter((frame) => frame.matchId === matchId && frame.type === type);
  const row = async (id: string) => {
    const sql = `SELECT home_score_display AS home, status_id AS status, home_scores AS slots, home_score_source AS source
      FROM ts_matches WHERE external_id = $1`;
    return (await rowsOf(database.url, sql, [id]))[0];
  };

  it('writes by the legacy path first, by the direct path when told, and shows both on one socket', async () => {
    const updated: MatchUpdated[] = [];
    host.app.get(LegacyEvents, { strict: false }).on('match:updated', (event: MatchUpdated) => updated.push(event));
    await seedMatch(database.url, 'both-paths');

    await publishGoal('both-paths', 1);
    await eventually(() => frames('both-paths', 'SCORE_CHANGE').length === 1, { what: 'the goal on the screen' });
    expect(await row('both-paths')).toEqual({ home: 1, status: 1, slots: null, source: 'mqtt' });

    const state = host.app.get(RolloutState, { strict: false });
    await state.set({ ...state.setting, stage: 'direct' }, 'spec', 'the direct path');
    await publishGoal('both-paths', 2);
    await eventually(() => frames('both-paths', 'GOAL').length > 0, { what: 'the goal of the direct path' });
    expect(frames('both-paths', 'GOAL')).toMatchObject([{ homeScore: 2, awayScore: 0 }]);
    expect(await row('both-paths')).toEqual({ home: 2, status: 2, slots: [2, 0, 0, 0, 1, 0, 0], source: 'mqtt' });
    await eventually(() => updated.length === 2, { what: 'both changes to be told to listeners' });
    expect(updated[0]).toMatchObject({ matchId: 'both-paths', source: 'mqtt' });
    expect(updated[1]?.fields).toContain('home_score_display');
  });
});
