import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, MqttContext, Payload, Transport } from '@nestjs/microservices';
import type { MqttClient } from 'mqtt';
import { throwError } from 'rxjs';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import { startBroker } from '../support/broker.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { brokerForSpec, createIngestApp, frame, type IngestApp, publisher, uniqueTopic } from './ingest-app.js';

guardAgainstLeaks();

const root = uniqueTopic();
const topic = `${root}/v1`;
const seen: { by: string; value: unknown; bytes?: string }[] = [];

@Controller()
class HostController {
  @EventPattern<string>(topic)
  exact(@Payload() value: unknown): void {
    seen.push({ by: 'exact', value });
  }

  @EventPattern<string>(topic)
  exactAgain(@Payload() value: unknown): void {
    seen.push({ by: 'exact again', value });
  }

  @EventPattern<string>(`${root}/+`, Transport.MQTT)
  oneLevel(@Payload() value: unknown, @Ctx() context: MqttContext): void {
    seen.push({ by: context.getTopic(), value, bytes: String(context.getPacket().payload) });
  }

  @EventPattern<string>(`${root}/#`)
  throws(): void {
    throw new Error('a handler of the host broke');
  }

  @EventPattern<string>(`${root}/#`)
  failsLater(): unknown {
    return throwError(() => new Error('a stream of the host broke'));
  }

  @EventPattern(`${root}/other`)
  other(@Payload() value: unknown): void {
    seen.push({ by: 'other', value });
  }

  @MessagePattern(topic)
  request(): string {
    seen.push({ by: 'request', value: null });
    return 'must never be published';
  }
}

describe('delivery', () => {
  let broker: { url: string; stop(): Promise<void> };
  let client: MqttClient;
  let host: IngestApp | undefined;

  beforeAll(async () => {
    broker = await brokerForSpec();
    client = await publisher(broker.url);
  });
  afterEach(async () => {
    await host?.app.close();
    host = undefined;
    seen.length = 0;
  });
  afterAll(async () => {
    await client.endAsync();
    await broker.stop();
  });

  const start = async (options = {}, controllers = [] as (typeof HostController)[]): Promise<IngestApp> => {
    host = await createIngestApp({ url: broker.url, topics: [topic], ...options }, controllers);
    await connectLiveScoreFeed(host.app);
    await host.app.init();
    await host.subscribed();
    return host;
  };

  it('hands the decoded updates of a message to the sink', async () => {
    const { sink, status } = await start();
    await client.publishAsync(topic, frame('match-1', 3));
    await eventually(() => sink.submitted.length === 1, { what: 'the update' });
    expect(sink.submitted[0]).toMatchObject([
      { matchId: 'match-1', source: 'mqtt', delivery: 'push', score: { status: 2, home: [3, 0, 0, 0, 0, 0, 0] } },
    ]);
    expect(status).toMatchObject({ connected: true, messagesLast60s: 1, reconnects: 0, lastError: null });
    expect(status.lastMessageAtMs).toBe(sink.submitted[0]?.[0]?.receivedAtMs);
    expect(status.connectedSinceMs).toBeLessThanOrEqual(status.lastMessageAtMs ?? 0);
  });

  it.each(process.env.MQTT_URL ? ([4, 5] as const) : ([4] as const))(
    'takes a burst of 10,000 messages completely and in order, MQTT version %i',
    async (protocolVersion) => {
      const { sink } = await start({ protocolVersion });
      for (let i = 0; i < 10_000; i += 1) client.publish(topic, frame(`match-${i}`));
      await eventually(() => sink.submitted.length >= 10_000, { timeoutMs: 100_000, what: 'the burst' });
      expect(sink.matchIds).toEqual(Array.from({ length: 10_000 }, (_, i) => `match-${i}`));
    },
  );

  it('takes QoS 1 when asked', async () => {
    const { sink, status } = await start({ qos: 1 });
    for (let i = 0; i < 200; i += 1) client.publish(topic, frame(`match-${i}`), { qos: 1 });
    await eventually(() => sink.submitted.length >= 200, { what: 'all messages' });
    expect(sink.matchIds).toEqual(Array.from({ length: 200 }, (_, i) => `match-${i}`));
    expect(status.grantedQos).toEqual({ [topic]: 1 });
  });

  it('survives what is no frame, and goes on', async () => {
    const { sink } = await start();
    for (const payload of ['', 'not json', '42', '[]', '{}', '\u0000', '["a",2,"x","y"]'])
      client.publish(topic, payload);
    await client.publishAsync(topic, frame('after'));
    await eventually(() => sink.matchIds.includes('after'), { what: 'the good frame' });
    expect(sink.matchIds).toEqual(['after']);
  });

  it('ignores what the broker had retained, and takes the same frame when it is live', async () => {
    await client.publishAsync(topic, frame('old'), { retain: true, qos: 1 });
    const { sink, status } = await start();
    await eventually(() => status.messagesTotal === 1, { what: 'the retained message' });
    await client.publishAsync(topic, frame('live'));
    await eventually(() => sink.submitted.length > 0, { what: 'the live frame' });
    expect(sink.matchIds).toEqual(['live']);
    await client.publishAsync(topic, '', { retain: true, qos: 1 });
  });

  it('runs every handler of the host whose pattern matches, whatever the others do', async () => {
    const { sink, lines } = await start({}, [HostController]);
    const payload = frame('match-1');
    await client.publishAsync(topic, payload);
    await client.publishAsync(topic, 'no json');
    await eventually(() => seen.length === 6, { what: 'three handlers, two messages' });
    expect(seen).toEqual(
      [JSON.parse(payload) as unknown, 'no json'].flatMap((value) => [
        { by: 'exact', value },
        { by: 'exact again', value },
        { by: topic, value, bytes: value === 'no json' ? 'no json' : payload },
      ]),
    );
    expect(sink.matchIds).toEqual(['match-1']);
    const failed = await eventually(
      () => lines.find(({ message }) => message === 'A handler of the host failed on a feed message'),
      { what: 'the failure in the log' },
    );
    expect(failed).toMatchObject({ level: 'error', data: { pattern: `${root}/#`, error: expect.any(String) } });
  });

  it('keeps payloads with the keys of a Nest envelope whole, and publishes no reply', async () => {
    const replies: string[] = [];
    const listener = (reply: string) => replies.push(reply);
    await client.subscribeAsync(`${topic}/reply`);
    client.on('message', listener);
    await start({ topics: [topic, `${root}/+`] }, [HostController]);
    const envelope = { pattern: 'x', data: { inner: 1 }, id: 'match-1', ts: 5 };
    await client.publishAsync(topic, JSON.stringify(envelope));
    await eventually(() => seen.some(({ by }) => by === 'exact'), { what: 'the handler' });
    expect(seen.find(({ by }) => by === 'exact')?.value).toEqual(envelope);
    // What would have been published before this message would have arrived before it.
    await client.publishAsync(`${topic}/reply`, 'last');
    await eventually(() => replies.length > 0, { what: 'our own message on the reply topic' });
    expect(replies).toEqual([`${topic}/reply`]);
    client.off('message', listener);
  });

  it('takes the feed over a WebSocket address', async () => {
    const overWebSocket = await startBroker({ listener: 'ws' });
    host = await createIngestApp({ url: `${overWebSocket.url}/mqtt`, topics: [topic] });
    await connectLiveScoreFeed(host.app);
    await host.app.init();
    await host.subscribed();
    const webSocketClient = await publisher(overWebSocket.url);
    await webSocketClient.publishAsync(topic, frame('match-1'));
    await eventually(() => host?.sink.matchIds.length === 1, { what: 'the update' });
    await webSocketClient.endAsync();
    await host.app.close();
    await overWebSocket.stop();
  });
});
