import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient, type Packet } from 'mqtt';
import { yieldBetweenMessages } from '../../src/mqtt-ingest/adapters/mqtt/yield-between-messages.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { FakeBroker, type FakeBrokerOptions } from './fake-broker.js';

guardAgainstLeaks();

/** The versions this contract was run with. Another one is taken into the range by running it, not by trusting it. */
const TESTED_VERSIONS = /^5\.16\.\d+$/;

describe.each([4, 5] as const)(
  'what the ingest uses of mqtt.js beyond its documentation, MQTT version %i',
  (version) => {
    let broker: FakeBroker;
    let client: MqttClient;

    afterEach(async () => {
      await client.endAsync(true);
      await broker.stop();
    });

    const start = async (
      options: IClientOptions = {},
      brokerOptions: Partial<FakeBrokerOptions> = {},
    ): Promise<void> => {
      broker = await FakeBroker.start({ version, ...brokerOptions });
      client = connect(broker.url, { protocolVersion: version, reconnectPeriod: 0, clientId: 'first', ...options });
    };
    const connected = async (): Promise<void> => {
      await eventually(() => client.connected, { what: 'the connection' });
    };
    /** What the broker has answered by now was answered after everything sent before. */
    const roundTrip = async (): Promise<void> => {
      await client.subscribeAsync('round-trip');
    };

    it('emits packetreceive before message, with the same packet object', async () => {
      await start();
      await connected();
      const seen: [string, unknown][] = [];
      client.on('packetreceive', (packet) => packet.cmd === 'publish' && seen.push(['packetreceive', packet]));
      client.on('message', (_topic, _payload, packet) => seen.push(['message', packet]));
      broker.last.publish({ messageId: 1, payload: 'a' });
      await eventually(() => seen.length === 2, { what: 'both events' });
      expect(seen.map(([event]) => event)).toEqual(['packetreceive', 'message']);
      expect(seen[0]?.[1]).toBe(seen[1]?.[1]);
    });

    it('takes messages for life when told so, and still pings, while the answers to its pings do not come', async () => {
      await start({ keepalive: 1 }, { answersPings: false });
      await connected();
      yieldBetweenMessages(client, 4);
      let received = 0;
      let closed = false;
      client.on('message', () => received++);
      client.on('close', () => {
        closed = true;
      });
      const flood = setInterval(() => {
        broker.last.publish(...Array.from({ length: 8 }, () => ({ messageId: 1, payload: 'a', qos: 0 as const })));
      }, 20);
      const pings = () => broker.last.received.filter(({ cmd }) => cmd === 'pingreq').length;
      try {
        // each ping is a quarter of the keepalive after the one before: twelve are two keepalive times and more
        await eventually(() => pings() >= 12 || closed, { what: 'twelve pings', timeoutMs: 20_000 });
      } finally {
        clearInterval(flood);
      }
      expect(closed).toBe(false);
      expect(received).toBeGreaterThan(12);
      // without messages it is silence
      await eventually(() => closed, { what: 'the end of a silent connection' });
    });

    it('reads the QoS after packetreceive: made 0 there, it neither acknowledges nor waits', async () => {
      await start();
      await connected();
      const payloads: string[] = [];
      client.on('packetreceive', (packet) => {
        if (packet.cmd === 'publish') packet.qos = 0;
      });
      client.on('message', (_topic, payload, packet) => {
        payloads.push(String(payload));
        // once more what it was, for those who look at the packet: nothing may come of it
        packet.qos = 1;
      });
      broker.last.publish(
        { messageId: 1, payload: 'a' },
        { messageId: 2, payload: 'b' },
        { messageId: 3, payload: 'c' },
      );
      await eventually(() => payloads.length === 3, { what: 'all messages' });
      await roundTrip();
      expect(payloads).toEqual(['a', 'b', 'c']);
      expect(broker.last.acknowledged).toEqual([]);
    });

    it('keeps the message id of such a packet', async () => {
      await start();
      await connected();
      let received: IPublishPacket | undefined;
      client.on('packetreceive', (packet) => {
        if (packet.cmd === 'publish') packet.qos = 0;
      });
      client.on('message', (_topic, _payload, packet) => {
        received = packet;
      });
      broker.last.publish({ messageId: 65_535, payload: 'a', dup: true });
      await eventually(() => received, { what: 'the message' });
      expect(received).toMatchObject({ messageId: 65_535, dup: true });
    });

    it('acknowledges by itself when the packet is left alone', async () => {
      await start();
      await connected();
      broker.last.publish({ messageId: 9, payload: 'a' });
      await eventually(() => broker.last.acknowledged.length === 1, { what: 'the acknowledgement' });
      expect(broker.last.acknowledged).toEqual([9]);
    });

    it('sends raw bytes that are written to its stream, between its own packets', async () => {
      await start();
      await connected();
      client.stream.write(Buffer.from([0x40, 0x02, 0x00, 0x01, 0x40, 0x02, 0xff, 0xff]));
      await roundTrip();
      client.stream.write(Buffer.from([0x40, 0x02, 0x01, 0x00]));
      await roundTrip();
      expect(broker.last.acknowledged).toEqual([1, 65_535, 256]);
    });

    it('hands out the next message when handleMessage has called back, not before', async () => {
      await start();
      await connected();
      const payloads: string[] = [];
      const held: (() => void)[] = [];
      client.handleMessage = (_packet, done) => void held.push(done);
      client.on('message', (_topic, payload) => payloads.push(String(payload)));
      broker.last.publish(
        { messageId: 1, qos: 0, payload: 'a' },
        { messageId: 2, qos: 0, payload: 'b' },
        { messageId: 3, qos: 0, payload: 'c' },
      );
      await eventually(() => held.length === 1, { what: 'the first message' });
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      expect(payloads).toEqual(['a']);
      held[0]?.();
      await eventually(() => held.length === 2, { what: 'the second message' });
      expect(payloads).toEqual(['a', 'b']);
      held[1]?.();
      await eventually(() => held.length === 3, { what: 'the third message' });
      held[2]?.();
    });

    it.each([true, false])(
      'tells CONNACK in packetreceive, before the messages that follow it, session present: %s',
      async (sessionPresent) => {
        const story: string[] = [];
        const redelivered = [{ messageId: 1, payload: 'a', dup: true }];
        await start({ clean: false }, { sessionPresent, redelivered });
        client.on('packetreceive', (packet: Packet) => {
          if (packet.cmd === 'connack') {
            const code = packet.returnCode ?? packet.reasonCode;
            story.push(`connack ${code} ${packet.sessionPresent}, stream ${client.stream.writable}`);
          }
        });
        client.on('message', () => story.push('message'));
        await eventually(() => story.length === 2, { what: 'the message' });
        expect(story).toEqual([`connack 0 ${sessionPresent}, stream true`, 'message']);
      },
    );

    it('makes no attempt by itself without a reconnect period, and one when told to, with the client id of then', async () => {
      const closes: boolean[] = [];
      await start({ clean: false });
      await connected();
      client.on('close', () => closes.push(true));
      broker.last.socket.destroy();
      await eventually(() => closes.length === 1, { what: 'the end of the connection' });
      const { stream } = client;
      client.options.clientId = 'second';
      client.reconnect({ incomingStore: client.incomingStore, outgoingStore: client.outgoingStore });
      await eventually(() => client.connected, { what: 'the second connection' });
      expect(broker.connections.map(({ connect: { clientId, clean } }) => [clientId, clean])).toEqual([
        ['first', false],
        ['second', false],
      ]);
      expect(client.stream).not.toBe(stream);
      expect(closes).toHaveLength(1);
    });

    it('emits close once for an attempt that fails, and for a stream that we destroy', async () => {
      await start();
      await connected();
      let closes = 0;
      client.on('close', () => {
        closes += 1;
      });
      client.on('error', () => undefined);
      client.stream.destroy();
      await eventually(() => closes === 1, { what: 'the end of our connection' });
      await broker.stop();
      client.reconnect({ incomingStore: client.incomingStore, outgoingStore: client.outgoingStore });
      await eventually(() => closes === 2, { what: 'the end of the attempt' });
      await start();
    });

    it('is a version that this contract was run with', () => {
      const main = createRequire(import.meta.url).resolve('mqtt/package.json');
      const installed = JSON.parse(readFileSync(main, 'utf8')) as { version: string };
      expect(installed.version).toMatch(TESTED_VERSIONS);
    });
  },
);

describe('what the ingest uses of mqtt.js beyond its documentation, MQTT version 5 only', () => {
  it('sends the session properties, and tells the reason of a DISCONNECT', async () => {
    const broker = await FakeBroker.start({ version: 5 });
    const client = connect(broker.url, {
      protocolVersion: 5,
      reconnectPeriod: 0,
      properties: { receiveMaximum: 20, sessionExpiryInterval: 60 },
    });
    const reasons: unknown[] = [];
    client.on('disconnect', (packet) => reasons.push((packet as { reasonCode?: number }).reasonCode));
    await eventually(() => client.connected, { what: 'the connection' });
    expect(broker.last.connect.properties).toMatchObject({ receiveMaximum: 20, sessionExpiryInterval: 60 });
    broker.last.send({ cmd: 'disconnect', reasonCode: 0x8e });
    await eventually(() => reasons.length === 1, { what: 'the reason' });
    expect(reasons).toEqual([0x8e]);
    await client.endAsync(true);
    await broker.stop();
  });
});
