import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WebSocket } from 'ws';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import type { BroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import { Audience } from '../../src/broadcast/ports/audience.js';
import { BroadcastBus } from '../../src/broadcast/ports/broadcast-bus.js';
import { LiveListeners } from '../../src/broadcast/ports/live-listeners.js';
import type { MatchState } from '../../src/domain/match-state.js';
import { type InMemoryBroadcastBus, InMemoryBusHub } from '../../src/testing/index.js';
import { minuteCommitted, scoreCommitted, slots } from '../support/committed-changes.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { withoutHeartbeats } from '../support/without-heartbeats.js';
import { noteFrame, WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

const hub = new InMemoryBusHub();
let apps: INestApplication[] = [];
afterEach(async () => {
  for (const app of apps) await app.close();
  apps = [];
  hub.close();
});

interface Instance {
  readonly app: INestApplication;
  readonly bus: InMemoryBroadcastBus;
  readonly url: string;
  /** A goal of the home side makes this version. */
  readonly goal: (version: number, fields?: Partial<MatchState>) => void;
}

async function start(options: BroadcastOptions = {}): Promise<Instance> {
  const bus = hub.join();
  bus.connect();
  const built = await Test.createTestingModule({ imports: [BroadcastModule.forRoot(options)] })
    .overrideProvider(BroadcastBus)
    .useValue(bus)
    .compile();
  const app = built.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  apps.push(app);
  const goal: Instance['goal'] = (version, fields) => {
    const events = [{ type: 'score-changed', homeScore: version, awayScore: 1 }] as const;
    app.get(Audience).tell([scoreCommitted({ matchId: 'm1', version, home: slots(version), ...fields }, events)]);
  };
  return { app, bus, url: `ws://127.0.0.1:${app.getHttpServer().address().port}/ws`, goal };
}

const connect = (url: string) => WsTestClient.connect(`${url}?protocol=2`);
const told = (client: WsTestClient) => withoutHeartbeats(client.frames);
const typesOf = (client: WsTestClient) => told(client).map(({ type }) => type);
const changes = (client: WsTestClient) =>
  client.ofType('CHANGE').map(({ previous, position, homeScore }) => `${previous} ${position} ${homeScore}`);
const received = (client: WsTestClient, type: string, count: number) =>
  eventually(() => client.ofType(type).length >= count && client.ofType(type), { what: `${count} ${type}` });

describe('a client of protocol 2', () => {
  it('is greeted, answered, told what it follows, and left alone afterwards', async () => {
    const { app, url, goal } = await start();
    const client = await connect(url);
    expect(told(client)).toMatchObject([{ type: 'WELCOME', protocol: 2, pingIntervalMs: 15_000 }]);
    goal(12);
    client.send({ type: 'SUBSCRIBE', id: 's', matches: ['m1', 'nobody'] });
    expect(await client.next('SNAPSHOT')).toMatchObject({
      id: 's',
      recovered: true,
      matches: [{ matchId: 'm1', position: '1.12', homeScore: 12 }],
      unknown: ['nobody'],
    });
    goal(13);
    goal(7, { matchId: 'other' });
    app
      .get(Audience)
      .tell([minuteCommitted({ matchId: 'm1', clock: { ...minuteCommitted().clock, normalSeconds: 2_400 } })]);
    goal(14);
    expect(await received(client, 'CHANGE', 2)).toHaveLength(2);
    expect(
      told(client)
        .slice(2)
        .map(({ type, position }) => [type, position]),
    ).toEqual([
      ['CHANGE', '1.13'],
      ['CLOCK', '1.13'],
      ['CHANGE', '1.14'],
    ]);
    client.send({ type: 'UNSUBSCRIBE', id: 'u', matches: ['m1'] });
    await client.next('UNSUBSCRIBED');
    goal(15);
    client.send({ type: 'PING' });
    await client.next('PONG');
    expect(typesOf(client).slice(5)).toEqual(['UNSUBSCRIBED', 'PONG']);
    await client.close();
  });

  it('resumes where it was, with the newest state or with all that it missed', async () => {
    const { url, goal } = await start();
    for (const version of [12, 13, 14, 15]) goal(version);
    const client = await connect(url);
    const ask = async (id: string, since: string, replay: boolean) => {
      client.send({ type: 'SUBSCRIBE', id, matches: ['m1'], since: { m1: since }, replay });
      await eventually(() => client.ofType('SNAPSHOT').some((frame) => frame.id === id), { what: 'the answer' });
      return client.ofType('SNAPSHOT').find((frame) => frame.id === id);
    };
    expect(await ask('newest', '1.15', false)).toMatchObject({ recovered: true, matches: [] });
    expect(await ask('behind', '1.13', false)).toMatchObject({ recovered: true, matches: [{ position: '1.15' }] });
    expect(await ask('ahead', '1.16', false)).toMatchObject({ recovered: false, matches: [{ position: '1.15' }] });
    expect(await ask('other', '0.15', false)).toMatchObject({ recovered: false, matches: [{ position: '1.15' }] });
    expect(changes(client)).toEqual([]);
    expect(await ask('replay', '1.13', true)).toMatchObject({ recovered: true, matches: [] });
    expect(await received(client, 'CHANGE', 2)).toMatchObject([{ replayed: true }, { replayed: true }]);
    expect(changes(client)).toEqual(['1.13 1.14 14', '1.14 1.15 15']);
    await client.close();
  });

  it('may say so later: it is sent the first protocol until then, and never after', async () => {
    const { url, goal } = await start();
    const client = await WsTestClient.connect(url);
    goal(12);
    await client.next('SCORE_CHANGE');
    client.send({ type: 'SUBSCRIBE', all: true });
    await client.next('SNAPSHOT');
    goal(13);
    await client.next('CHANGE');
    expect(typesOf(client)).toEqual(['CONNECTED_FROM_HANDLER', 'SCORE_CHANGE', 'SNAPSHOT', 'CHANGE']);
    await client.close();
  });

  it('asks by a subprotocol, too', async () => {
    const { url } = await start();
    const socket = new WebSocket(url, ['livescore.v2']);
    const [data] = await once(socket, 'message');
    const frame = JSON.parse(String(data));
    noteFrame(frame);
    expect([socket.protocol, frame.type]).toEqual(['livescore.v2', 'WELCOME']);
    socket.close();
    await once(socket, 'close');
  });

  it('is refused what is too much, and keeps what it has', async () => {
    const { url, goal } = await start({ maxSubscriptions: 2 });
    const client = await connect(url);
    client.send({ type: 'SUBSCRIBE', matches: ['m1', 'm2'] });
    client.send({ type: 'SUBSCRIBE', id: 'more', competitions: ['c'] });
    client.send({ type: 'AUTHENTICATE', id: 'who', token: 'x' });
    expect(await received(client, 'ERROR', 2)).toMatchObject([
      { code: 'TOO_MANY_SUBSCRIPTIONS', id: 'more' },
      { code: 'REFUSED', id: 'who' },
    ]);
    goal(12);
    await client.next('CHANGE');
    await client.close();
  });

  it('is told when to come back, before the process closes', async () => {
    const { app, url } = await start();
    const [client, silent] = [await connect(url), await WsTestClient.connect(url)];
    await app.close();
    await eventually(() => client.closeCode && silent.closeCode, { what: 'both to be closed' });
    expect(client.frames.at(-1)).toMatchObject({ type: 'GOODBYE', reason: 'shutdown' });
    expect([client.closeCode, silent.closeCode]).toEqual([1001, 1001]);
    expect(typesOf(silent)).toEqual(['CONNECTED_FROM_HANDLER']);
  });

  it('that reads slowly is told the newest state with what it continues', async () => {
    const { app, url } = await start({ conflateBeyondBytes: 1_024 });
    const client = await connect(url);
    client.send({ type: 'SUBSCRIBE', all: true });
    await client.next('SNAPSHOT');
    client.socket.pause();
    // each a write of its own, until what the kernel keeps for a connection is full
    let version = 12;
    const tell = (count: number) => {
      const events = Array(count).fill({ type: 'score-changed', homeScore: version, awayScore: 1 });
      app.get(Audience).tell([scoreCommitted({ matchId: 'm1', version, home: slots(version) }, events)]);
      version += 1;
    };
    const listeners = app.get(LiveListeners);
    await eventually(
      () => {
        tell(4_000);
        return listeners.mostUnreadBytes > 1_024;
      },
      { what: 'the client to be behind' },
    );
    for (let n = 0; n < 20; n++) tell(1);
    client.socket.resume();
    const newest = `1.${version - 1}`;
    await eventually(() => client.ofType('CHANGE').at(-1)?.position === newest, { what: 'the newest state' });
    expect(client.ofType('CHANGE').at(-1)?.conflated).toBe(true);
    let at = client.ofType('CHANGE')[0]?.previous;
    for (const { previous, position } of client.ofType('CHANGE')) {
      expect(previous).toBe(at);
      at = position;
    }
    await client.close();
  });
});

describe('a client that comes from another instance', () => {
  it('resumes with what it has', async () => {
    const [one, two] = [await start(), await start()];
    one.goal(12);
    const client = await connect(one.url);
    client.send({ type: 'SUBSCRIBE', matches: ['m1'] });
    await client.next('SNAPSHOT');
    one.goal(13);
    const { position } = await client.next('CHANGE');
    await client.close();
    one.goal(14);
    one.goal(15);
    const again = await connect(two.url);
    await eventually(
      async () => {
        const back = await connect(two.url);
        back.send({ type: 'SUBSCRIBE', matches: ['m1'], since: { m1: '1.15' } });
        const { recovered } = await back.next('SNAPSHOT');
        await back.close();
        return recovered;
      },
      { what: 'the other instance to hear of it' },
    );
    again.send({ type: 'SUBSCRIBE', matches: ['m1'], since: { m1: position }, replay: true });
    expect(await again.next('SNAPSHOT')).toMatchObject({ recovered: true, matches: [] });
    await received(again, 'CHANGE', 2);
    expect(changes(again)).toEqual(['1.13 1.14 14', '1.14 1.15 15']);
    await again.close();
  });

  it('is told in order what two of them commit in turn', async () => {
    const instances = [await start(), await start()];
    const clients = await Promise.all(instances.map(({ url }) => connect(url)));
    for (const client of clients) {
      client.send({ type: 'SUBSCRIBE', all: true });
      await client.next('SNAPSHOT');
    }
    for (let version = 12; version < 20; version++) {
      instances[version % 2]?.goal(version);
      await eventually(() => clients.every((client) => client.ofType('CHANGE').at(-1)?.position === `1.${version}`), {
        what: `version ${version}`,
      });
    }
    for (const client of clients) {
      expect(changes(client)).toEqual(Array.from({ length: 8 }, (_, n) => `1.${n + 11} 1.${n + 12} ${n + 12}`));
      await client.close();
    }
  });

  it('sees by the frame itself that a cut-off instance was not told of some', async () => {
    const [one, two] = [await start(), await start()];
    const client = await connect(two.url);
    client.send({ type: 'SUBSCRIBE', all: true });
    await client.next('SNAPSHOT');
    one.goal(12);
    await client.next('CHANGE');
    one.bus.side = 1;
    one.goal(13);
    one.goal(14);
    one.bus.side = 0;
    one.goal(15);
    await received(client, 'CHANGE', 2);
    expect(client.ofType('CHANGE')).toMatchObject([
      { previous: '1.11', position: '1.12' },
      { previous: '1.12', position: '1.15', conflated: true, homeScore: 15 },
    ]);
    await client.close();
  });
});
