import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { MqttClient } from 'mqtt';
import { Accounting } from '../../src/kernel/accounting.js';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import { MqttFeedStatus } from '../../src/mqtt-ingest/mqtt-feed-status.service.js';
import { MqttFeedTransport } from '../../src/mqtt-ingest/mqtt-feed-transport.js';
import { MqttIngestModule } from '../../src/mqtt-ingest/mqtt-ingest.module.js';
import type { MqttIngestOptions } from '../../src/mqtt-ingest/mqtt-ingest.options.js';
import { ScoreStore } from '../../src/score-writer/ports/score-store.js';
import { ScoreWriterModule } from '../../src/score-writer/score-writer.module.js';
import { InMemoryScoreStore } from '../../src/testing/index.js';
import { startBroker } from '../support/broker.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { createIngestApp, frame, type IngestApp, publisher, uniqueTopic } from './ingest-app.js';
import { mosquittoIsInstalled, startMosquitto } from './mosquitto.js';

guardAgainstLeaks();

const ignore = () => undefined;
const SILENT: LoggerService = { log: ignore, warn: ignore, error: ignore };

const IN_PROCESS = { name: 'the broker in this process', version: 4, start: startBroker } as const;
const MOSQUITTO = [4, 5].map((version) => ({ name: 'Mosquitto', version: version as 4 | 5, start: startMosquitto }));

describe.each([IN_PROCESS, ...(mosquittoIsInstalled ? MOSQUITTO : [])])(
  'a session at $name, MQTT version $version',
  (at) => {
    const apps: INestApplication[] = [];
    let broker: { readonly url: string; stop(): Promise<void> };
    let client: MqttClient;
    let topic: string;

    beforeAll(async () => {
      broker = await at.start();
      client = await publisher(broker.url);
    });
    beforeEach(() => {
      topic = uniqueTopic();
    });
    afterEach(async () => {
      for (const app of apps.splice(0)) await app.close();
    });
    afterAll(async () => {
      await client.endAsync();
      await broker.stop();
    });

    const options = (more: MqttIngestOptions = {}): MqttIngestOptions => ({
      url: broker.url,
      topics: [topic],
      qos: 1,
      protocolVersion: at.version,
      clientId: topic.slice(-20),
      reconnectMs: 50,
      ...more,
    });
    const start = async (more: MqttIngestOptions = {}): Promise<IngestApp> => {
      const host = await createIngestApp(options(more));
      apps.push(host.app);
      await connectLiveScoreFeed(host.app);
      await host.app.init();
      await host.subscribed();
      return host;
    };
    const publish = (...matchIds: string[]) =>
      Promise.all(matchIds.map((matchId) => client.publishAsync(topic, frame(matchId), { qos: 1 })));

    it('keeps the connection while acknowledgements are withheld for longer than a broker waits for a sign of life', async () => {
      const host = await start({ keepaliveS: 2, yieldEvery: 16 });
      host.sink.holding = true;
      const matchIds = Array.from({ length: 300 }, (_, index) => `match-${index}`);
      await publish(...matchIds);
      await eventually(() => host.sink.matchIds.length === 300, { what: 'all messages' });
      const isOld = () => (host.status.oldestUnacknowledgedMs ?? 0) >= 5_000;
      await eventually(isOld, { what: 'five seconds: one and a half keepalives are three' });
      expect(host.status).toMatchObject({ connected: true, reconnects: 0, unacknowledged: 300 });
      host.sink.commit();
      await eventually(() => host.status.unacknowledged === 0, { what: 'all acknowledgements' });
      host.sink.holding = false;
      await publish('after');
      await eventually(() => host.sink.matchIds.includes('after'), { what: 'the message after' });
      expect(host.sink.matchIds).toEqual([...matchIds, 'after']);
    });

    it('gives the next process what was not acknowledged, and what came in between, and nothing else', async () => {
      const first = await start();
      first.sink.holding = true;
      await publish('committed', 'not-committed');
      await eventually(() => first.sink.matchIds.length === 2, { what: 'both messages' });
      first.sink.commit('committed');
      await eventually(() => first.status.unacknowledged === 1, { what: 'the acknowledgement' });
      const transport = first.app.get(MqttFeedTransport);
      transport.onModuleDestroy();
      transport.unwrap<MqttClient>().stream.destroy();
      await first.app.close();
      await publish('in-between');
      const second = await start();
      expect(second.status).toMatchObject({ sessionPresent: true, effectiveDelivery: 'at-least-once' });
      await eventually(() => second.sink.matchIds.length === 2, { what: 'two messages' });
      await publish('last');
      await eventually(() => second.sink.matchIds.length === 3, { what: 'the last message' });
      expect(second.sink.matchIds).toEqual(['not-committed', 'in-between', 'last']);
    });

    it('acknowledges the last commits of a slow store before it ends, in the order that Nest ends modules', async () => {
      const store = new InMemoryScoreStore();
      const matchIds = ['a', 'b', 'c', 'd', 'e'];
      for (const matchId of matchIds) store.insert(matchId);
      const module = Test.createTestingModule({
        imports: [ScoreWriterModule.forRoot({}), MqttIngestModule.forRoot(options())],
      });
      const built = await module.overrideProvider(ScoreStore).useValue(store).setLogger(SILENT).compile();
      const app = built.createNestApplication();
      apps.push(app);
      await connectLiveScoreFeed(app);
      await app.init();
      const status = app.get(MqttFeedStatus);
      await eventually(() => status.grantedQos[topic] === 1, { what: 'the subscription' });
      const answer = store.hold('write');
      await publish(...matchIds);
      await eventually(() => status.messagesTotal === 5, { what: 'all messages' });
      expect(status.unacknowledged).toBe(5);
      const closing = app.close();
      await publish('too-late');
      await eventually(() => status.messagesTotal === 5, { what: 'nothing more to be taken' });
      answer();
      await closing;
      expect(app.get(Accounting).balance()).toMatchObject({ received: 5, applied: 5, unaccounted: 0 });
      const next = await start();
      await eventually(() => next.sink.matchIds.length === 1, { what: 'what the first one did not take' });
      await publish('last');
      await eventually(() => next.sink.matchIds.length === 2, { what: 'the last message' });
      expect(next.sink.matchIds).toEqual(['too-late', 'last']);
    });
  },
);
