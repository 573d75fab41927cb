import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { UpdateSink } from '../../src/contracts/update-sink.js';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import { MqttFeedStatus } from '../../src/mqtt-ingest/mqtt-feed-status.service.js';
import { MqttFeedTransport } from '../../src/mqtt-ingest/mqtt-feed-transport.js';
import { MqttIngestModule } from '../../src/mqtt-ingest/mqtt-ingest.module.js';
import type { MqttIngestOptions } from '../../src/mqtt-ingest/mqtt-ingest.options.js';
import { type BrokerOptions, startBroker, type TestBroker } from '../support/broker.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { createIngestApp, frame, type IngestApp, publisher, uniqueTopic } from './ingest-app.js';

guardAgainstLeaks();

const topic = uniqueTopic();

describe('connection', () => {
  const brokers: TestBroker[] = [];
  let host: IngestApp | undefined;

  afterEach(async () => {
    await host?.app.close();
    host = undefined;
    for (const broker of brokers.splice(0)) await broker.stop();
  });

  const broker = async (options: BrokerOptions = {}): Promise<TestBroker> => {
    const started = await startBroker(options);
    brokers.push(started);
    return started;
  };

  const start = async (options: MqttIngestOptions): Promise<IngestApp> => {
    host = await createIngestApp({ topics: [topic], ...options });
    await connectLiveScoreFeed(host.app);
    await host.app.init();
    return host;
  };

  const publish = async ({ url }: TestBroker, ...payloads: string[]): Promise<void> => {
    const client = await publisher(url);
    for (const payload of payloads) await client.publishAsync(topic, payload, { qos: 1 });
    await client.endAsync();
  };

  const messagesOf = ({ lines }: IngestApp, level: string): unknown[] =>
    lines.filter((line) => line.level === level).map(({ message }) => message);

  it('starts the host while the broker is down, tells it once, and connects when it comes up', async () => {
    const gone = await startBroker();
    await gone.stop();
    const started = await start({ url: gone.url });
    expect(started.status.connected).toBe(false);
    await eventually(() => started.status.lastError?.includes('ECONNREFUSED'), { what: 'the refusal in the status' });
    const later = await broker({ port: gone.port });
    await started.subscribed();
    await publish(later, frame('match-1'));
    await eventually(() => started.sink.matchIds.length === 1, { what: 'the update' });
    expect(started.status).toMatchObject({ reconnects: 0, lastError: null });
    expect(started.events('websocket.connecting')).toMatchObject([{ host: `127.0.0.1:${gone.port}`, level: 'info' }]);
    expect(started.events('websocket.disconnected')).toMatchObject([{ reason: 'client went offline', level: 'warn' }]);
    expect(started.lines.filter(({ message }) => message === 'Not connected to the broker')).toHaveLength(1);
  });

  it('subscribes again after every reconnect, and takes each message once', async () => {
    const first = await broker();
    const started = await start({ url: first.url, rateWindowMs: 200 });
    await started.subscribed();
    await publish(first, frame('before'));
    for (const round of [1, 2]) {
      await brokers.pop()?.stop();
      await eventually(() => !started.status.connected, { what: 'the loss of the connection' });
      const again = await broker({ port: first.port });
      await started.subscribed();
      expect(again.aedes.connectedClients).toBe(1);
      await publish(again, frame(`round-${round}`));
      await eventually(() => started.sink.matchIds.includes(`round-${round}`), { what: 'the update' });
    }
    expect(started.sink.matchIds).toEqual(['before', 'round-1', 'round-2']);
    expect(started.status.reconnects).toBe(2);
    expect(started.events('websocket.subscribed')).toHaveLength(3);
    expect(started.events('websocket.disconnected').map(({ reason }) => reason)).toEqual([
      'connection closed',
      'connection closed',
    ]);
    // The rate timer outlives the connections.
    await eventually(() => rated(started) === 3, { what: 'all messages in the rate lines' });
  });

  it('writes the documented rate line, and none for a silent window', async () => {
    const { url } = await broker();
    const started = await start({ url, rateWindowMs: 100, username: 'someone', password: 'hidden-one' });
    await started.subscribed();
    await publish(brokers[0]!, frame('a'), frame('b'));
    await eventually(() => rated(started) === 2, { what: 'the rate line' });
    expect(started.events('websocket.msg.rate')[0]).toEqual({
      service: 'goalgpt-dashboard',
      component: 'websocket',
      event: 'websocket.msg.rate',
      ts: expect.any(Number),
      level: 'info',
      messages_since_last: expect.any(Number),
      window_sec: 1,
      topics: [topic],
      connection_id: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect(
      started.events('websocket.msg.rate').every(({ messages_since_last }) => Number(messages_since_last) > 0),
    ).toBe(true);
    expect(started.events('websocket.connected')).toHaveLength(1);
    expect(JSON.stringify(started.lines)).not.toMatch(/someone|hidden-one/);
  });

  it('names refused credentials once, keeps trying, and connects when they are accepted', async () => {
    let attempts = 0;
    let accepted = false;
    const { url } = await broker({
      authenticate: (_client, _username, _password, done) => {
        attempts += 1;
        done(null, accepted);
      },
    });
    const started = await start({ url, username: 'someone', password: 'hidden-one' });
    await eventually(() => attempts >= 3, { what: 'three attempts' });
    expect(started.status.lastError).toBe('Connection refused: Not authorized');
    const told = started.lines.filter(({ message }) => message === 'Not connected to the broker');
    expect(told).toMatchObject([{ level: 'warn', data: { reason: 'Connection refused: Not authorized', code: 5 } }]);
    accepted = true;
    await started.subscribed();
    expect(started.status.lastError).toBeNull();
    expect(JSON.stringify(started.lines)).not.toMatch(/someone|hidden-one/);
  });

  it('warns by topic about a refused subscription, and keeps the others', async () => {
    const refused = uniqueTopic();
    const { url } = await broker({
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, subscription.topic === refused ? null : subscription),
    });
    const started = await start({ url, topics: [refused, topic], qos: 1 });
    await started.subscribed();
    expect(started.status.grantedQos).toEqual({ [refused]: 128, [topic]: 1 });
    expect(started.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { data: { topic: refused, code: 128 } },
    ]);
    expect(started.events('websocket.subscribed')).toMatchObject([{ topics: [topic] }]);
  });

  it('shows a wrong topic as connected, subscribed and silent', async () => {
    const own = await broker();
    const started = await start({ url: own.url, topics: ['no/such/topic'] });
    await started.subscribed();
    await publish(own, frame('elsewhere'));
    expect(started.status).toMatchObject({
      connected: true,
      lastMessageAtMs: null,
      messagesLast60s: 0,
      topics: ['no/such/topic'],
      grantedQos: { 'no/such/topic': 0 },
    });
  });

  it('connects after listen too, and only once however often it is asked', async () => {
    const own = await broker();
    host = await createIngestApp({ url: own.url, topics: [topic] });
    await host.app.listen(0, '127.0.0.1');
    await connectLiveScoreFeed(host.app);
    // between the two calls a second may pass on a busy machine, and the host be told that it forgot
    host.lines.length = 0;
    await connectLiveScoreFeed(host.app);
    await host.app.startAllMicroservices();
    await host.subscribed();
    expect(own.aedes.connectedClients).toBe(1);
    expect(host.lines.map(({ message }) => message)).not.toContainEqual(
      expect.stringContaining('connectLiveScoreFeed'),
    );
  });

  it('connects only after the bootstrap', async () => {
    const own = await broker();
    host = await createIngestApp({ url: own.url, topics: [topic] });
    await connectLiveScoreFeed(host.app);
    expect(() => host?.app.get(MqttFeedTransport).unwrap()).toThrow(/after `await connectLiveScoreFeed\(app\)`/);
    expect(host.events('websocket.connecting')).toEqual([]);
    await host.app.init();
    expect(host.events('websocket.connecting')).toHaveLength(1);
    expect(host.app.get(MqttFeedTransport).unwrap()).toHaveProperty('connected');
  });

  it('tells a host that forgets the call, once', async () => {
    host = await createIngestApp({ url: 'mqtt://127.0.0.1:1', topics: [topic] });
    await host.app.init();
    const forgotten = 'The live feed is not connected: call `await connectLiveScoreFeed(app)` in main.ts';
    await eventually(() => host && messagesOf(host, 'warn').includes(forgotten), { what: 'the warning' });
    expect(messagesOf(host, 'warn')).toEqual([forgotten]);
  });

  describe('in an application as `main.ts` makes it, which ends the process when it is asked for what it lacks', () => {
    let app: INestApplication;

    const create = async (imports: readonly DynamicModule[]): Promise<INestApplication> => {
      class AppModule {}
      app = await NestFactory.create({ module: AppModule, imports: [...imports] }, { logger: false });
      return app;
    };

    beforeEach(() => {
      jest.spyOn(process, 'exit').mockImplementation(() => {
        throw new Error('the process was ended');
      });
    });

    afterEach(async () => {
      jest.restoreAllMocks();
      await app.close();
    });

    it('says what to import when there is no feed', async () => {
      await expect(connectLiveScoreFeed(await create([]))).rejects.toMatchObject({
        code: 'LIVESCORE_FEED_MODULE_MISSING',
      });
      expect(process.exit).not.toHaveBeenCalled();
    });

    it('needs no broadcast beside the feed', async () => {
      const { url } = await broker();
      const given = {
        providers: [{ provide: UpdateSink, useValue: { submit: () => undefined } }],
        exports: [UpdateSink],
      };
      const sink = { module: class SinkModule {}, global: true, ...given };
      await connectLiveScoreFeed(await create([sink, MqttIngestModule.forRoot({ url, topics: [topic] })]));
      await app.init();
      await eventually(() => app.get(MqttFeedStatus).connected, { what: 'the feed to be connected' });
      expect(process.exit).not.toHaveBeenCalled();
    });
  });

  it('closes once, cleanly, in every state', async () => {
    const own = await broker();
    const transport = async (started: IngestApp) => {
      const feed = started.app.get(MqttFeedTransport);
      await Promise.all([feed.close(), feed.close()]);
      await started.app.close();
      await feed.close();
    };
    const connected = await start({ url: own.url });
    await connected.subscribed();
    await transport(connected);
    await eventually(() => own.aedes.connectedClients === 0, { what: 'the broker to see it go' });
    expect(connected.status.connected).toBe(false);
    expect(connected.events('websocket.disconnected')).toMatchObject([{ reason: 'manual disconnect' }]);
    await transport(await start({ url: 'mqtt://127.0.0.1:1' }));
    await transport(await createIngestApp({ url: own.url }));
    host = undefined;
  });

  it('reports a broker that accepts and says nothing, and still closes at once', async () => {
    const mute = await dumbBroker(null);
    const started = await start({ url: mute.url, connectTimeoutMs: 100 });
    await eventually(() => started.status.lastError === 'connack timeout', { what: 'the timeout in the status' });
    await started.app.close();
    await mute.stop();
  });

  it('closes although the broker never answers anything again', async () => {
    const dumb = await dumbBroker(CONNACK_ACCEPTED);
    const started = await start({ url: dumb.url });
    await eventually(() => started.status.connected, { what: 'the connection' });
    await started.app.close();
    expect(started.status.connected).toBe(false);
    await dumb.stop();
  });

  it('connects again when the broker does not answer the subscription', async () => {
    const dumb = await dumbBroker(CONNACK_ACCEPTED);
    const started = await start({ url: dumb.url, connectTimeoutMs: 100 });
    await eventually(() => started.status.reconnects >= 1, { what: 'a second connection' });
    await started.app.close();
    await dumb.stop();
  });

  it('takes nothing after the shutdown has begun', async () => {
    const own = await broker();
    const started = await start({ url: own.url });
    await started.subscribed();
    started.app.get(MqttFeedTransport).onModuleDestroy();
    await publish(own, frame('late'));
    await started.app.close();
    expect(started.sink.submitted).toEqual([]);
    expect(started.status.messagesTotal).toBe(0);
  });

  it('takes asynchronous options, and fails the start of the host for a bad one', async () => {
    const own = await broker();
    const forRootAsync = (options: MqttIngestOptions) => [
      MqttIngestModule.forRootAsync({ useFactory: async () => options }),
    ];
    host = await createIngestApp({}, [], forRootAsync({ url: own.url, topics: [topic] }));
    await connectLiveScoreFeed(host.app);
    await host.app.init();
    await host.subscribed();
    const bad = createIngestApp({}, [], forRootAsync({ keepaliveS: -1 }));
    await expect(bad).rejects.toThrow('MqttIngestModule: option "keepaliveS" must be an integer from 1 to 65535 s');
    await expect(createIngestApp({ topics: [] })).rejects.toThrow('MqttIngestModule: option "topics"');
  });
});

function rated(started: IngestApp): number {
  return started
    .events('websocket.msg.rate')
    .reduce((sum, { messages_since_last }) => sum + Number(messages_since_last), 0);
}

const CONNACK_ACCEPTED = Buffer.from([0x20, 0x02, 0x00, 0x00]);

/** Says this one thing to whoever speaks first, and never more, not even goodbye. */
async function dumbBroker(greeting: Buffer | null): Promise<{ url: string; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => greeting && socket.write(greeting));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
