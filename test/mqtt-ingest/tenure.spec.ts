import { afterEach, describe, expect, it } from '@jest/globals';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import { MqttIngestModule } from '../../src/mqtt-ingest/mqtt-ingest.module.js';
import type { MqttIngestOptions } from '../../src/mqtt-ingest/mqtt-ingest.options.js';
import { type FeedSignal, FeedSignals } from '../../src/mqtt-ingest/ports/feed-signals.js';
import { startBroker } from '../support/broker.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { FakeBroker } from './fake-broker.js';
import { createIngestApp, frame, type IngestApp, publisher, uniqueTopic } from './ingest-app.js';
import { leaseModule, ScriptedLease } from './lease-app.js';

guardAgainstLeaks();

const ANOTHER_CLIENT = 'Another client uses our client id';

const warned = ({ lines }: IngestApp): unknown[] =>
  lines.filter(({ message }) => String(message).startsWith(ANOTHER_CLIENT));

describe('under a lease', () => {
  let broker: FakeBroker;
  let host: IngestApp;
  let lease: ScriptedLease;

  afterEach(async () => {
    await host.app.close();
    await broker.stop();
  });

  const start = async (options: MqttIngestOptions = {}): Promise<void> => {
    broker = await FakeBroker.start({ version: 5 });
    lease = new ScriptedLease();
    const own = { url: broker.url, topics: ['feed'], qos: 1, protocolVersion: 5, reconnectMs: 20 } as const;
    const modules = [MqttIngestModule.forRoot({ ...own, ...options }), leaseModule(lease)];
    host = await createIngestApp({}, [], modules as Parameters<typeof createIngestApp>[2]);
    await connectLiveScoreFeed(host.app);
    await host.app.init();
  };
  const connections = (count: number) =>
    eventually(() => broker.connections.length === count, { what: `${count} connections` });
  const ended = (index: number) =>
    eventually(() => broker.connections[index]?.socket.destroyed, { what: 'the end of the connection' });
  /** Long enough for several attempts to connect. */
  const someAttempts = () => new Promise((resolve) => setTimeout(resolve, 100));

  it('connects when a term is held and confirmed, with the client id of the lease', async () => {
    await start();
    await someAttempts();
    expect(broker.connections).toHaveLength(0);
    lease.grant(1);
    await host.subscribed();
    expect(broker.last.connect).toMatchObject({ clientId: 'of-the-lease', clean: false });
    expect(host.status).toMatchObject({ clientId: 'of-the-lease', effectiveDelivery: 'at-least-once' });
  });

  it("takes the host's client id before that of the lease", async () => {
    await start({ clientId: 'mine' });
    lease.grant(1);
    await host.subscribed();
    expect(broker.last.connect.clientId).toBe('mine');
  });

  it('leaves at once when the term is lost, acknowledges nothing more, and comes back with the next one', async () => {
    await start();
    lease.grant(1);
    await host.subscribed();
    host.sink.holding = true;
    broker.last.publish({ messageId: 1, payload: frame('a') });
    await eventually(() => host.sink.matchIds.length === 1, { what: 'the update' });
    lease.lose();
    expect(host.status.unacknowledged).toBe(0);
    host.sink.commit();
    await ended(0);
    expect(broker.connections[0]?.acknowledged).toEqual([]);
    await someAttempts();
    expect(broker.connections).toHaveLength(1);
    lease.grant(2, 'the-same-lease');
    await connections(2);
    expect(broker.last.connect.clientId).toBe('the-same-lease');
  });

  it('opens another connection for another term', async () => {
    await start();
    lease.grant(1);
    await host.subscribed();
    lease.grant(2);
    await connections(2);
    await ended(0);
    await host.subscribed();
  });

  it('keeps an open connection while the lease is not confirmed, and does not open a lost one again before it is', async () => {
    await start();
    lease.grant(1);
    await host.subscribed();
    lease.confirmed = false;
    broker.last.publish({ messageId: 1, payload: frame('a') });
    await eventually(() => broker.last.acknowledged.length === 1, { what: 'the acknowledgement' });
    broker.last.socket.destroy();
    await eventually(() => !host.status.connected, { what: 'the loss' });
    await someAttempts();
    expect(broker.connections).toHaveLength(1);
    // no event tells of this one
    lease.confirmed = true;
    await connections(2);
  });

  it('doubts the lease when its session was taken over, and stands by until it is confirmed', async () => {
    await start();
    lease.grant(1);
    await host.subscribed();
    broker.last.send({ cmd: 'disconnect', reasonCode: 0x8e });
    await ended(0);
    expect(lease.doubts).toBe(1);
    await someAttempts();
    expect(broker.connections).toHaveLength(1);
    lease.confirm();
    await connections(2);
    expect(broker.last.connect.clientId).toBe('of-the-lease');
  });

  it('tells recovery once per connection that it is subscribed, and once that it is lost', async () => {
    await start();
    const signals: FeedSignal[] = [];
    const subscription = host.app.get(FeedSignals).signals$.subscribe((signal) => void signals.push(signal));
    lease.grant(1);
    await eventually(() => signals.length === 1, { what: 'the first signal' });
    broker.options = { version: 5, sessionPresent: true };
    broker.last.socket.destroy();
    await eventually(() => signals.length === 3, { what: 'loss and second connection' });
    lease.lose();
    await eventually(() => signals.length === 4, { what: 'the loss' });
    expect(signals.map((signal) => (signal.kind === 'subscribed' ? signal.resumed : signal.kind))).toEqual([
      false,
      'lost',
      true,
      'lost',
    ]);
    subscription.unsubscribe();
  });
});

describe('without a lease', () => {
  const hosts: IngestApp[] = [];
  const stops: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.app.close();
    for (const stop of stops.splice(0)) await stop();
  });

  const start = async (options: MqttIngestOptions): Promise<IngestApp> => {
    const host = await createIngestApp({ clientId: 'one-id', ...options });
    hosts.push(host);
    await connectLiveScoreFeed(host.app);
    await host.app.init();
    return host;
  };

  it('takes an id of its own when the broker says that another client has taken its session over', async () => {
    const broker = await FakeBroker.start({ version: 5 });
    stops.push(() => broker.stop());
    const host = await start({ url: broker.url, topics: ['feed'], qos: 1, protocolVersion: 5 });
    await host.subscribed();
    broker.last.send({ cmd: 'disconnect', reasonCode: 0x8e });
    await eventually(() => broker.connections.length === 2, { what: 'the second connection' });
    await host.subscribed();
    expect(broker.last.connect.clientId).toMatch(/^one-id-[0-9a-f]{6}$/);
    expect(host.status).toMatchObject({
      clientId: broker.last.connect.clientId,
      effectiveDelivery: 'at-most-once',
    });
    expect(warned(host)).toHaveLength(1);
  });

  it('ends the fight of two processes with one client id: both are connected in the end, and both take messages', async () => {
    const broker = await startBroker();
    stops.push(() => broker.stop());
    const topic = uniqueTopic();
    const first = await start({ url: broker.url, topics: [topic] });
    await first.subscribed();
    const second = await start({ url: broker.url, topics: [topic] });
    await eventually(() => warned(first).length + warned(second).length > 0, { what: 'one of them to give way' });
    await Promise.all([first.subscribed(), second.subscribed()]);
    await eventually(() => broker.aedes.connectedClients === 2, { what: 'both clients' });
    expect(first.status.clientId).not.toBe(second.status.clientId);
    const client = await publisher(broker.url);
    await client.publishAsync(topic, frame('a'), { qos: 1 });
    await eventually(() => first.sink.matchIds.length === 1 && second.sink.matchIds.length === 1, {
      what: 'the message at both',
    });
    await client.endAsync();
  });

  it('keeps its id when the broker is away, however often', async () => {
    const first = await startBroker();
    const host = await start({ url: first.url, topics: ['feed'], reconnectMs: 20 });
    await host.subscribed();
    let broker = first;
    for (let round = 0; round < 4; round += 1) {
      await broker.stop();
      await eventually(() => host.status.lastError?.includes('ECONNREFUSED'), { what: 'a failed attempt' });
      broker = await startBroker({ port: first.port });
      await host.subscribed();
    }
    expect(host.status.clientId).toBe('one-id');
    stops.push(() => broker.stop());
  });
});
