import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FakeWsClient } from '../../../../test/support/fake-ws-client.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import type { LiveClient } from '../../ports/live-client.js';
import type { ClientMessage } from '../../ports/match-frames.js';
import { MessagePipeline, MessageRefused } from '../../ports/message-pipeline.js';
import { ClientMessages, type ClientService } from './client-messages.js';
import type { ClientKind, WsClient } from './ws-client.js';
import { jsonFrame } from './ws-frame.js';

/** Lets each message through, as it is or as the test makes it. */
class Pipeline extends MessagePipeline {
  override readonly isPassedBy = false;
  make: (message: ClientMessage) => unknown = (message) => message;

  override async run(_client: LiveClient, message: ClientMessage, handle: (message: ClientMessage) => unknown) {
    await handle(this.make(message) as ClientMessage);
  }
}

class Service implements ClientService {
  readonly handled: ClientMessage[] = [];
  /** awaited in the middle of each message */
  work: (message: ClientMessage) => Promise<void> = async () => undefined;

  async handle(_client: WsClient, message: ClientMessage): Promise<void> {
    await this.work(message);
    this.handled.push(message);
  }

  becomeLive(client: WsClient): void {
    client.kind = 'live';
  }

  send(client: WsClient, frame: object): void {
    client.write(jsonFrame(frame));
  }

  sayGoodbye(client: WsClient, _reason: string, { code, reason }: { code: number; reason: string }): void {
    client.close(code, reason);
  }
}

function setUp(kind: ClientKind = 'live') {
  const time = new VirtualTime();
  const service = new Service();
  const pipeline = new Pipeline();
  const scheduler = new VirtualScheduler(time);
  const messages = new ClientMessages(service, pipeline, new VirtualClock(time), scheduler, new Logger('spec'));
  const fake = new FakeWsClient('c1', kind);
  const say = (...values: readonly unknown[]) => {
    for (const value of values) {
      messages.arrived(fake.client, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
    }
    return time.advance(0);
  };
  const errors = () => fake.ofType('ERROR').map(({ code, id }) => (id === undefined ? code : `${code} ${id}`));
  return { time, service, pipeline, fake, say, errors };
}

const subscribe = (id: string) => ({ type: 'SUBSCRIBE', id, matches: ['m1'] });
const bad = { type: 'SUBSCRIBE' };

describe('messages of a client', () => {
  let set: ReturnType<typeof setUp>;
  beforeEach(() => {
    set = setUp();
  });

  it('are handled one after the other, in the order in which they came', async () => {
    const order: string[] = [];
    set.service.work = async (message) => {
      const { id } = message as { id: string };
      order.push(`begin ${id}`);
      for (let n = id === 'a' ? 5 : 1; n > 0; n--) await Promise.resolve();
      order.push(`end ${id}`);
    };
    await set.say(subscribe('a'), subscribe('b'), { type: 'PING' }, subscribe('c'));
    expect(order).toEqual(['a', 'b', 'c'].flatMap((id) => [`begin ${id}`, `end ${id}`]));
    expect(set.fake.frames.map(({ type }) => type)).toEqual(['PONG']);
  });

  it.each([
    ['{', 'BAD_JSON'],
    ['', 'BAD_JSON'],
    ['\u0000', 'BAD_JSON'],
    [[], 'BAD_MESSAGE'],
    ['null', 'BAD_MESSAGE'],
    [{ type: 'HELLO', id: 'x' }, 'UNKNOWN_TYPE x'],
    [{ ...bad, id: 'é😀' }, 'BAD_MESSAGE é😀'],
    [{ ...bad, id: 'a\u0000' }, 'BAD_MESSAGE'],
    [{ ...bad, id: 'x'.repeat(65) }, 'BAD_MESSAGE'],
    [{ type: 'SUBSCRIBE', id: 'x', all: true, protocol: 3 }, 'UNSUPPORTED_PROTOCOL x'],
  ])('%j is answered %s', async (value, answer) => {
    await set.say(value);
    expect(set.errors()).toEqual([answer]);
  });

  it('that wait are bounded', async () => {
    let go: () => void = () => undefined;
    set.service.work = () => new Promise((resolve) => (go = resolve));
    await set.say(...Array.from({ length: 18 }, (_, n) => subscribe(`s${n}`)), { type: 'PING' });
    expect(set.errors()).toEqual(['REFUSED s16', 'REFUSED s17']);
    expect(set.fake.ofType('PONG')).toHaveLength(1);
    set.service.work = async () => undefined;
    go();
    await set.time.advance(0);
    expect(set.service.handled).toHaveLength(16);
    await set.say(subscribe('later'));
    expect(set.service.handled).toHaveLength(17);
  });

  it('that are refused, or fail, are answered so, and those after them are handled', async () => {
    const failures: Record<string, Error> = {
      a: new MessageRefused('FORBIDDEN', 'Not you'),
      b: new Error('secret: database is away'),
    };
    set.service.work = async (message) => {
      const failure = failures[(message as { id: string }).id];
      if (failure) throw failure;
    };
    await set.say(subscribe('a'), subscribe('b'), subscribe('c'));
    expect(set.errors()).toEqual(['FORBIDDEN a', 'INTERNAL b']);
    expect(JSON.stringify(set.fake.frames)).not.toContain('secret');
    expect(set.service.handled).toHaveLength(1);
  });

  it('that a pipe made wrong are refused', async () => {
    set.pipeline.make = () => ({ type: 'SUBSCRIBE' });
    await set.say(subscribe('a'));
    expect([set.errors(), set.service.handled]).toEqual([['BAD_MESSAGE a'], []]);
  });

  it('of a client that has left are not handled any more', async () => {
    set.service.work = async () => set.fake.ws.gone();
    await set.say(subscribe('a'), subscribe('b'));
    expect(set.service.handled.map((message) => (message as { id?: string }).id)).toEqual(['a']);
  });

  it('end the connection when 20 of them are wrong', async () => {
    await set.say(...Array.from({ length: 19 }, () => bad));
    expect(set.fake.ws.closed).toBeNull();
    await set.say(bad, bad);
    expect(set.errors()).toHaveLength(20);
    expect(set.fake.ws.closed).toMatchObject({ code: 1008 });
  });

  it('may be wrong now and then, however long the client stays', async () => {
    for (let n = 0; n < 100; n++) {
      await set.say(bad);
      await set.time.advance(600_000);
    }
    expect([set.errors().length, set.fake.ws.closed]).toEqual([100, null]);
  });
});

describe.each<ClientKind>(['legacy', 'ticking'])('messages of a %s client', (kind) => {
  it('are ignored when they are none of protocol 2, PING excepted', async () => {
    const { fake, say } = setUp(kind);
    await say('{', '', [], 'null', { type: 'HELLO' }, { type: 'PING', anything: 1 }, { event: 'x' }, 7);
    expect(fake.frames.map(({ type }) => type)).toEqual(['PONG']);
    expect(fake.client.kind).toBe(kind);
  });

  it('that are of protocol 2 and wrong are answered, and change nothing', async () => {
    const { fake, say, errors } = setUp(kind);
    await say({ ...bad, id: 'x' }, { type: 'AUTHENTICATE' });
    expect([errors(), fake.client.kind]).toEqual([['BAD_MESSAGE x', 'BAD_MESSAGE'], kind]);
  });

  it('that are of protocol 2 make it a client of protocol 2', async () => {
    const { fake, say, service } = setUp(kind);
    await say(subscribe('a'));
    expect([fake.client.kind, service.handled.length]).toEqual(['live', 1]);
  });
});
