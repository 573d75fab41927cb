import { afterEach, describe, expect, it } from '@jest/globals';
import { UnreachableError } from '../../src/kernel/unreachable.errors.js';
import { FramePublisher } from '../../src/replay/feed/frame-publisher.js';
import { type BrokerOptions, startBroker, type TestBroker } from '../support/broker.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

describe('the publisher of a replay', () => {
  const closers: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const broker = async (options?: BrokerOptions): Promise<TestBroker> => {
    const started = await startBroker(options);
    closers.push(() => started.stop());
    return started;
  };

  const publisherTo = async (url: string, qos: 0 | 1 = 0): Promise<FramePublisher> => {
    const publisher = await FramePublisher.connect({ url, topic: 'frames', qos });
    closers.push(() => publisher.close());
    return publisher;
  };

  it.each([[0], [1]] as const)('sends everything in order with QoS %d', async (qos) => {
    const { url, aedes } = await broker();
    const heard: number[] = [];
    aedes.on('publish', ({ topic, payload }) => {
      if (topic === 'frames') heard.push(Number(payload.toString()));
    });
    const publisher = await publisherTo(url, qos);
    const sent = Array.from({ length: 3_000 }, (_, n) => n);
    for (const n of sent) await publisher.publish(String(n));
    await publisher.flush();
    await eventually(() => heard.length === sent.length, { what: 'all frames to arrive' });
    expect(heard).toEqual(sent);
  });

  it('fails when the connection breaks: the order would be lost', async () => {
    const { url, aedes } = await broker();
    const hangUp: (() => void)[] = [];
    aedes.on('client', ({ conn }) => hangUp.push(() => conn.destroy()));
    const publisher = await publisherTo(url);
    await publisher.publish('1');
    for (const now of hangUp) now();
    const breaks = async () => {
      await publisher.publish('2').catch((error: unknown) => expect(error).toBeInstanceOf(UnreachableError));
      await expect(publisher.publish('3')).rejects.toThrow(UnreachableError);
      return true;
    };
    await eventually(breaks, { what: 'the publisher to notice' });
  });

  it('goes nowhere by an address that cannot be read, and repeats nothing of it', async () => {
    const { port } = await broker();
    const connecting = publisherTo(`mqtt://127.0.0.1:${port}/#Hidden7`);
    await expect(connecting).rejects.toThrow(/^MQTT broker at an address that cannot be read (?!.*Hidden7)/);
  });

  it('names the broker that refuses its credentials, without them', async () => {
    const { port } = await broker({
      authenticate: (_client, _username, _password, done) => done(null, false),
    });
    const connecting = FramePublisher.connect({
      url: `mqtt://127.0.0.1:${port}`,
      topic: 'frames',
      username: 'me',
      password: 'hidden',
    });
    await expect(connecting).rejects.toThrow(/^MQTT broker at mqtt:\/\/127\.0\.0\.1:\d+ cannot be used: (?!.*hidden)/);
  });
});
