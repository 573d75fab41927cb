import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MqttContext } from '@nestjs/microservices';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import type { MqttIngestOptions } from '../../src/mqtt-ingest/mqtt-ingest.options.js';
import { FeedConnection } from '../../src/mqtt-ingest/ports/feed-connection.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { FakeBroker, type FakeBrokerOptions } from './fake-broker.js';
import { createIngestApp, frame, type IngestApp } from './ingest-app.js';

guardAgainstLeaks();

const seenQos: unknown[] = [];

@Controller()
class HostController {
  @EventPattern('feed')
  take(@Ctx() context: MqttContext): void {
    seenQos.push(context.getPacket().qos);
  }
}

describe.each([4, 5] as const)('acknowledging QoS 1, MQTT version %i', (version) => {
  let broker: FakeBroker;
  let host: IngestApp;

  afterEach(async () => {
    host.sink.commit();
    await host.app.close();
    await broker.stop();
  });

  const start = async (options: MqttIngestOptions = {}, says: Partial<FakeBrokerOptions> = {}): Promise<void> => {
    broker = await FakeBroker.start({ version, ...says });
    const own = { url: broker.url, topics: ['feed'], qos: 1, protocolVersion: version, clientId: 'spec' } as const;
    host = await createIngestApp({ ...own, ...options }, [HostController]);
    host.sink.holding = true;
    await connectLiveScoreFeed(host.app);
    await host.app.init();
    await host.subscribed();
  };
  const taken = (count: number) => eventually(() => host.sink.matchIds.length === count, { what: `${count} updates` });
  const acknowledged = (...ids: number[]) =>
    eventually(() => broker.last.acknowledged.length >= ids.length, { what: `${ids.length} acknowledgements` }).then(
      () => expect(broker.last.acknowledged).toEqual(ids),
    );

  it('acknowledges after the commit, in the order of receipt', async () => {
    await start();
    broker.last.publish(...[10, 11, 12].map((messageId) => ({ messageId, payload: frame(`match-${messageId}`) })));
    await taken(3);
    expect(host.status.unacknowledged).toBe(3);
    expect(host.status.oldestUnacknowledgedMs).toBeGreaterThanOrEqual(0);
    host.sink.commit('match-11');
    await nextTurn();
    host.sink.commit('match-10');
    await acknowledged(10, 11);
    expect(host.status.unacknowledged).toBe(1);
    host.sink.commit('match-12');
    await acknowledged(10, 11, 12);
    expect(host.status.oldestUnacknowledgedMs).toBeNull();
  });

  it('acknowledges what it refuses, in its turn', async () => {
    await start();
    broker.last.publish({ messageId: 1, payload: frame('a') }, { messageId: 2, payload: 'no frame' });
    await taken(1);
    await eventually(() => host.status.messagesTotal === 2, { what: 'both messages' });
    expect(broker.last.acknowledged).toEqual([]);
    host.sink.commit();
    await acknowledged(1, 2);
  });

  it('never acknowledges on another connection than that of the message', async () => {
    await start();
    broker.last.publish({ messageId: 1, payload: frame('a') }, { messageId: 2, payload: frame('b') });
    await taken(2);
    broker.options = { version, sessionPresent: true };
    broker.last.socket.destroy();
    await eventually(() => broker.connections.length === 2, { what: 'the second connection' });
    await host.subscribed();
    expect(host.status.unacknowledged).toBe(0);
    host.sink.commit();
    broker.last.publish({ messageId: 7, payload: 'no frame' });
    await acknowledged(7);
  });

  it('takes a message under an id that is still in flight for a new one, and acknowledges both in their turn', async () => {
    await start();
    broker.last.publish({ messageId: 1, payload: frame('a') }, { messageId: 2, payload: frame('b') });
    broker.last.publish({ messageId: 1, payload: frame('c') });
    await taken(3);
    expect(host.sink.matchIds).toEqual(['a', 'b', 'c']);
    expect(host.lines.filter(({ level }) => level === 'warn')).toMatchObject([{ data: { messageId: 1 } }]);
    host.sink.commit('c');
    host.sink.commit('a');
    await acknowledged(1);
    broker.last.publish({ messageId: 1, payload: frame('c'), dup: true }, { messageId: 3, payload: frame('d') });
    await taken(4);
    host.sink.commit('b', 'd');
    await acknowledged(1, 2, 1, 3);
    expect(host.sink.matchIds).toEqual(['a', 'b', 'c', 'd']);
    expect(broker.connections).toHaveLength(1);
  });

  it('leaves a broker that sends QoS 1 without a message id, with one error', async () => {
    await start();
    broker.last.socket.write(publishWithIdNull(version));
    await eventually(() => broker.connections.length === 2, { what: 'the second connection' });
    await host.subscribed();
    expect(host.sink.matchIds).toEqual([]);
    expect(host.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('reads no further than its window, keeps the connection for four keepalives, and goes on when there is room', async () => {
    await start({ maxUnacknowledged: 20, keepaliveS: 1 });
    const messages = Array.from({ length: 500 }, (_, n) => ({ messageId: n + 1, payload: frame(`match-${n}`) }));
    broker.last.publish(...messages);
    await taken(20);
    const pings = () => broker.last.received.filter(({ cmd }) => cmd === 'pingreq').length;
    // each is half a keepalive after the one before
    await eventually(() => pings() >= 8, { what: 'four keepalives' });
    expect(host.status).toMatchObject({ connected: true, reconnects: 0, unacknowledged: 20, messagesTotal: 20 });
    host.sink.commit(...messages.slice(0, 5).map((_, n) => `match-${n}`));
    await taken(25);
    host.sink.holding = false;
    host.sink.commit();
    await acknowledged(...messages.map(({ messageId }) => messageId));
    expect(broker.connections).toHaveLength(1);
  });

  it('connects anew with its session when told to', async () => {
    await start();
    host.app.get(FeedConnection, { strict: false }).renew();
    await eventually(() => broker.connections.length === 2, { what: 'the second connection' });
    await host.subscribed();
    expect(broker.last.connect).toMatchObject({ clean: false, clientId: 'spec' });
    broker.last.publish({ messageId: 1, payload: frame('a') });
    await taken(1);
  });

  it('takes what the broker sends again when the connection broke while reading paused', async () => {
    await start({ maxUnacknowledged: 10 });
    const messages = Array.from({ length: 30 }, (_, n) => ({ messageId: n + 1, payload: frame(`match-${n}`) }));
    broker.last.publish(...messages);
    await taken(10);
    broker.last.socket.resetAndDestroy();
    await eventually(() => broker.connections.length === 2, { what: 'the second connection' });
    await host.subscribed();
    host.sink.commit();
    host.sink.holding = false;
    broker.last.publish(...messages);
    await acknowledged(...messages.map(({ messageId }) => messageId));
  });

  it('takes a message once that the broker repeats on the same connection because the commit takes long', async () => {
    await start();
    const late = { messageId: 1, payload: frame('late') };
    broker.last.publish(late, { messageId: 2, payload: frame('newer') });
    broker.last.publish({ ...late, dup: true }, { messageId: 3, payload: frame('newest') });
    await eventually(() => host.sink.matchIds.includes('newest'), { what: 'the newest message' });
    expect(host.sink.matchIds).toEqual(['late', 'newer', 'newest']);
    host.sink.commit();
    await acknowledged(1, 2, 3);
    expect(broker.connections).toHaveLength(1);
  });

  it('acknowledges at once when told to', async () => {
    await start({ acknowledge: 'on-receipt' });
    broker.last.publish({ messageId: 1, payload: frame('a') });
    await acknowledged(1);
    expect(host.status).toMatchObject({ unacknowledged: 0, effectiveDelivery: 'at-most-once' });
  });

  it('shows handlers of the host the QoS that the message had', async () => {
    seenQos.length = 0;
    await start();
    broker.last.publish({ messageId: 1, payload: 'a' }, { messageId: 2, qos: 0, payload: 'b' });
    await eventually(() => seenQos.length === 2, { what: 'both messages' });
    expect(seenQos).toEqual([1, 0]);
  });

  it('leaves QoS 2, which was never asked for, to the client library', async () => {
    await start();
    broker.last.publish({ messageId: 1, qos: 2, payload: frame('a') });
    await eventually(() => broker.last.received.some(({ cmd }) => cmd === 'pubrec'), { what: 'its answer' });
    broker.last.send({ cmd: 'pubrel', messageId: 1 });
    await taken(1);
    expect(host.status.unacknowledged).toBe(0);
  });

  it('judges only the newest score of a burst that follows a resumed session, and acknowledges all of it after the commit', async () => {
    const redelivered = [1, 2, 3].map((messageId) => ({ messageId, payload: frame('a', messageId), dup: true }));
    await start({}, { sessionPresent: true, redelivered });
    broker.last.publish({ messageId: 4, payload: frame('b') });
    await taken(2);
    expect(host.sink.submitted[0]?.[0]).toMatchObject({ matchId: 'a', redelivered: true });
    expect(host.sink.submitted[0]?.[0]?.score?.home[0]).toBe(3);
    expect(host.sink.submitted[1]?.[0]?.redelivered).toBeUndefined();
    expect(broker.last.acknowledged).toEqual([]);
    host.sink.commit();
    await acknowledged(1, 2, 3, 4);
  });

  it('takes a burst that begins late and pauses for one burst: nothing is judged before a frame without DUP', async () => {
    await start({}, { sessionPresent: true });
    const pause = async (ms: number): Promise<void> => {
      const untilMs = performance.now() + ms;
      await eventually(() => performance.now() > untilMs, { what: 'the pause' });
    };
    const again = (messageId: number, goals: number) =>
      broker.last.publish({ messageId, payload: frame('a', goals), dup: true });
    await pause(1_200);
    again(1, 0);
    await pause(700);
    again(2, 1);
    await pause(700);
    again(3, 2);
    await eventually(() => host.status.messagesTotal === 3, { what: 'the burst' });
    expect(host.sink.submitted).toEqual([]);
    broker.last.publish({ messageId: 4, payload: frame('a', 1) });
    await taken(2);
    expect(host.sink.submitted.map(([update]) => [update?.score?.home[0], update?.redelivered])).toEqual([
      [2, true],
      [1, undefined],
    ]);
    host.sink.commit();
    await acknowledged(1, 2, 3, 4);
  });

  it('tells the guard of a message that the broker sends again long after its session was resumed', async () => {
    await start({}, { sessionPresent: false });
    broker.last.publish({ messageId: 1, payload: frame('a') });
    await taken(1);
    host.sink.commit();
    await acknowledged(1);
    broker.last.publish({ messageId: 1, payload: frame('a'), dup: true });
    await taken(2);
    expect(host.sink.submitted.map(([update]) => update?.redelivered)).toEqual([undefined, true]);
    host.sink.commit();
  });

  it('tells what it can promise', async () => {
    await start({}, { sessionPresent: true });
    expect(host.status).toMatchObject({
      clientId: 'spec',
      sessionPresent: true,
      effectiveDelivery: 'at-least-once',
      unacknowledged: 0,
      oldestUnacknowledgedMs: null,
    });
    expect(broker.last.connect).toMatchObject({ clean: false, clientId: 'spec' });
    const session = { maximumPacketSize: 1_179_648, receiveMaximum: 1_000, sessionExpiryInterval: 3_600 };
    expect(broker.last.connect.properties ?? null).toEqual(version === 5 ? session : null);
    const told = host.lines.find(({ message }) => message === 'Session at the broker');
    expect(told?.data).toEqual({ clientId: 'spec', sessionPresent: true });
  });

  it('ends with nothing owed: what was taken is acknowledged, what comes later is neither taken nor acknowledged', async () => {
    await start();
    broker.last.publish({ messageId: 1, payload: frame('a') });
    await taken(1);
    const closed = host.app.close();
    await nextTurn();
    broker.last.publish({ messageId: 2, payload: frame('late') });
    await nextTurn();
    host.sink.commit('a');
    await closed;
    await eventually(() => broker.last.received.some(({ cmd }) => cmd === 'disconnect'), { what: 'the goodbye' });
    expect(broker.last.acknowledged).toEqual([1]);
    expect(host.sink.matchIds).toEqual(['a']);
    expect(broker.last.received.map(({ cmd }) => cmd)).not.toContain('unsubscribe');
  });

  it('unsubscribes at the end when nobody will come back for the session', async () => {
    await start({ session: 'clean' });
    await host.app.close();
    await eventually(() => broker.last.received.some(({ cmd }) => cmd === 'unsubscribe'), { what: 'the request' });
    expect(broker.last.connect.clean).toBe(true);
  });
});

/** QoS 1, topic `feed`, message id 0: no encoder writes such a thing. */
function publishWithIdNull(version: 4 | 5): Buffer {
  const head = [0x00, 0x04, ...Buffer.from('feed'), 0x00, 0x00, ...(version === 5 ? [0x00] : [])];
  const body = Buffer.concat([Buffer.from(head), Buffer.from(frame('a'))]);
  return Buffer.concat([Buffer.from([0x32, body.length]), body]);
}
