import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { seedMatch, startExampleHost, takesTheFeed } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const kickoffS = Math.floor(Date.now() / 1000) - 600;

describe('a client of protocol 2 on the example host', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let publisher: MqttClient;

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    host = await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await takesTheFeed(host);
  });

  afterAll(async () => {
    await publisher.endAsync();
    await host.close();
    await broker.stop();
    await database.drop();
  });

  const connect = () => WsTestClient.connect(`${host.url.replace('http', 'ws')}/ws?protocol=2`);
  const publish = (id: string, home: number, incidents?: object[]) => {
    const score = [id, 2, [home, 0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 2, 0, 0], kickoffS];
    return publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify([{ id, score, ...(incidents ? { incidents } : {}) }]));
  };

  it('gets the whole match, each change once, and after a break what it missed', async () => {
    await seedMatch(database.url, 'm1');
    const client = await connect();
    expect(client.frames[0]).toMatchObject({ type: 'WELCOME', protocol: 2 });
    client.send({ type: 'SUBSCRIBE', id: 's1', matches: ['m1', 'nobody'] });
    expect(await client.next('SNAPSHOT')).toMatchObject({
      id: 's1',
      recovered: true,
      matches: [{ matchId: 'm1', statusId: 1, homeScore: 0, cards: [] }],
      unknown: ['nobody'],
    });

    await publish('m1', 0);
    await client.next('CHANGE');
    await publish('m1', 1);
    await eventually(() => client.ofType('CHANGE').length === 2, { what: 'kick-off and goal' });
    const [kickOff, goal] = client.ofType('CHANGE');
    expect(goal).toMatchObject({ matchId: 'm1', homeScore: 1, previous: kickOff?.position });
    await publish('m1', 1, [{ type: 3, position: 1, time: 9, player_id: 'p5', player_name: 'E' }]);
    expect(await client.next('DETAILS')).toMatchObject({
      matchId: 'm1',
      cards: [{ cardType: 'YELLOW', time: 9, team: 'home', playerId: 'p5', playerName: 'E' }],
    });
    await publish('m1', 1, [
      { type: 3, position: 1, time: 9, player_id: 'p5', player_name: 'E' },
      { type: 19, position: 0, time: 4 },
    ]);
    expect(await client.next('CLOCK')).toMatchObject({ position: goal?.position, clock: { addedAnnouncedMinutes: 4 } });
    await client.close();

    await publish('m1', 2);
    await eventually(
      async () => {
        const back = await connect();
        back.send({ type: 'SUBSCRIBE', matches: ['m1'], since: { m1: goal?.position } });
        const { matches, recovered } = await back.next('SNAPSHOT');
        await back.close();
        expect(recovered).toBe(true);
        return (matches as { homeScore: number }[])[0]?.homeScore === 2;
      },
      { what: 'the goal that was missed' },
    );
    const replaying = await connect();
    replaying.send({ type: 'SUBSCRIBE', id: 'r', matches: ['m1'], replay: true, since: { m1: kickOff?.position } });
    await eventually(() => replaying.ofType('CHANGE').length === 2, { what: 'both goals' });
    expect(replaying.ofType('CHANGE')).toMatchObject([
      { homeScore: 1, previous: kickOff?.position, replayed: true },
      { homeScore: 2, previous: goal?.position, replayed: true },
    ]);
    await replaying.close();
  });

  it('is answered what is wrong, goes on, and leaves', async () => {
    const client = await connect();
    for (const message of [
      '{',
      { type: 'HELLO' },
      { type: 'SUBSCRIBE', id: 'x' },
      { type: 'SUBSCRIBE', protocol: 3, all: true },
    ]) {
      client.send(message);
    }
    await eventually(() => client.ofType('ERROR').length === 4, { what: 'four errors' });
    expect(client.ofType('ERROR').map(({ code, id }) => [code, id])).toEqual([
      ['BAD_JSON', undefined],
      ['UNKNOWN_TYPE', undefined],
      ['BAD_MESSAGE', 'x'],
      ['UNSUPPORTED_PROTOCOL', undefined],
    ]);
    client.send({ type: 'PING' });
    await client.next('PONG');
    client.send({ type: 'SUBSCRIBE', all: true });
    await client.next('SNAPSHOT');
    client.send({ type: 'UNSUBSCRIBE', id: 'u' });
    expect(await client.next('UNSUBSCRIBED')).toMatchObject({ id: 'u' });
    await client.close();
  });
});
