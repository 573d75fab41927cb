import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { WebSocket } from 'ws';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { createLiveClient, type LiveClient, type LiveClientOptions, type LiveEvents } from '../../src/client/index.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { rowsOf, seedMatch, startExampleHost } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { comparePositionTexts } from './fake-live-server.js';

guardAgainstLeaks();

const KICKOFF_S = Math.floor(Date.now() / 1000) - 600;

/** A client that a test sends from host to host, with all that it showed and told. */
class Fan {
  readonly positions: string[] = [];
  readonly scores: number[] = [];
  readonly goals: LiveEvents['goal'][] = [];
  readonly gaps: LiveEvents['gap'][] = [];
  readonly client: LiveClient;
  #socket: WebSocket | null = null;

  constructor(matchId: string, address: () => string, options: Partial<LiveClientOptions> = {}) {
    const note = (socket: WebSocket) => {
      this.#socket = socket;
    };
    class ToWhateverHost extends WebSocket {
      constructor(url: string, protocols?: string[]) {
        super(url.replace('ws://host', address()), protocols);
        note(this);
      }
    }
    this.client = createLiveClient({
      url: 'ws://host/ws',
      WebSocket: ToWhateverHost,
      select: { matches: [matchId] },
      ...options,
    });
    this.client.on('goal', (goal) => this.goals.push(goal));
    this.client.on('gap', (gap) => this.gaps.push(gap));
    this.client.subscribeTo(matchId, () => {
      const match = this.client.match(matchId);
      if (!match || match.position === this.positions.at(-1)) return;
      this.positions.push(match.position);
      this.scores.push(match.homeScore);
    });
    this.client.start();
  }

  cut(): void {
    this.#socket?.terminate();
  }
}

describe('a client of two example hosts', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let hosts: RunningHost[];
  let publisher: MqttClient;
  let serving = 0;
  const fans: Fan[] = [];

  const startHost = async (instance: number): Promise<RunningHost> => {
    const before = process.env.NODE_APP_INSTANCE;
    process.env.NODE_APP_INSTANCE = String(instance);
    try {
      return await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    } finally {
      if (before === undefined) delete process.env.NODE_APP_INSTANCE;
      else process.env.NODE_APP_INSTANCE = before;
    }
  };

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    hosts = [await startHost(0)];
    hosts.push(await startHost(1));
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    // what is published before is lost
    await eventually(async () => (await takesFeed(0)) || (await takesFeed(1)), { what: 'a host to take the feed' });
  });

  afterAll(async () => {
    for (const { client } of fans) client.stop();
    await publisher.endAsync();
    for (const host of hosts) await host.close();
    await broker.stop();
    await database.drop();
  });

  const takesFeed = async (instance: number) => {
    const health = await (await fetch(`${(hosts[instance] as RunningHost).url}/health`)).json();
    return (health as { feed?: { subscribed?: boolean } }).feed?.subscribed;
  };
  const follow = (matchId: string, options?: Partial<LiveClientOptions>) => {
    const fan = new Fan(matchId, () => (hosts[serving] as RunningHost).url.replace('http', 'ws'), options);
    fans.push(fan);
    return fan;
  };
  const publish = (id: string, home: number) => {
    const score = [id, 2, [home, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], KICKOFF_S];
    return publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify([{ id, score }]));
  };
  const rowShows = (matchId: string, home: number) =>
    eventually(
      async () => {
        const sql = 'SELECT home_score_display AS home FROM ts_matches WHERE external_id = $1';
        return (await rowsOf(database.url, sql, [matchId]))[0]?.home === home;
      },
      { what: `the row of ${matchId} with ${home} goals` },
    );
  // the client tries again after a random time, 20 s at most
  const shows = ({ client }: Fan, matchId: string, home: number) =>
    eventually(() => client.state === 'live' && client.match(matchId)?.homeScore === home, {
      what: `${home} goals of ${matchId} at the client`,
      timeoutMs: 45_000,
    });

  it('holds the row over cuts and changes of instance, and shows no score but those in their order', async () => {
    await seedMatch(database.url, 'm1');
    const fan = follow('m1');
    const late = follow('m1', { replay: true });
    await shows(fan, 'm1', 0);
    await publish('m1', 0);
    for (let home = 1; home <= 12; home += 1) {
      if (home % 3 === 0) {
        serving = 1 - serving;
        for (const one of [fan, late]) one.cut();
      }
      await publish('m1', home);
      await rowShows('m1', home);
      if (home % 2 === 0) for (const one of [fan, late]) await shows(one, 'm1', home);
    }
    for (const { positions, scores, gaps } of [fan, late]) {
      expect(positions).toEqual([...positions].sort(comparePositionTexts));
      expect(scores).toEqual([...scores].sort((a, b) => a - b));
      expect(gaps).toEqual([]);
    }
    const told = late.goals.map(({ goal }) => goal.homeScore);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  }, 240_000);

  it('comes back by itself to a host that restarts, and takes what it missed', async () => {
    await seedMatch(database.url, 'm2');
    const fan = follow('m2');
    await publish('m2', 1);
    await shows(fan, 'm2', 1);
    const [first, second] = hosts as [RunningHost, RunningHost];
    await (serving === 0 ? first : second).close();
    await eventually(() => fan.client.state !== 'live', { what: 'the client to notice' });
    const other = 1 - serving;
    await eventually(() => takesFeed(other), { what: 'the other host to take the feed', timeoutMs: 45_000 });
    await publish('m2', 2);
    await rowShows('m2', 2);
    hosts[serving] = await startHost(serving);
    await shows(fan, 'm2', 2);
    expect(fan.scores).toEqual([...fan.scores].sort((a, b) => a - b));
    expect(fan.gaps).toEqual([]);
  }, 240_000);

  it('tells nothing and holds no connection when it is stopped', async () => {
    await seedMatch(database.url, 'm3');
    const fan = follow('m3');
    await shows(fan, 'm3', 0);
    fan.client.stop();
    await publish('m3', 1);
    await rowShows('m3', 1);
    expect(fan.scores).toEqual([0]);
    fan.client.start();
    await shows(fan, 'm3', 1);
  }, 240_000);
});
