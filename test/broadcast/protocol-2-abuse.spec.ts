import { afterEach, describe, expect, it } from '@jest/globals';
import { BroadcastGateway } from '../../src/broadcast/adapters/ws/broadcast.gateway.js';
import type { BroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import { BroadcastFeed } from '../../src/broadcast/broadcast-feed.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { clientFrame, RawSocket, upgradeRequest } from '../support/raw-socket.js';
import { toldGoal } from '../support/told.js';
import { WsTestClient } from '../support/ws-client.js';
import { type RunningHost, startHost } from './broadcast-host.js';

guardAgainstLeaks();

const TEXT = 1;
const CONTINUATION = 0;
const PATH = '/ws?protocol=2';
let running: RunningHost | undefined;
const sockets: RawSocket[] = [];

async function start(options: BroadcastOptions = {}) {
  running = await startHost('express', 'none', options);
  const { app, address } = running;
  return { address, gateway: app.get(BroadcastGateway), feed: app.get(BroadcastFeed) };
}

async function raw(address: string, ...frames: Buffer[]): Promise<RawSocket> {
  const client = await RawSocket.connect(address, upgradeRequest(PATH));
  sockets.push(client);
  await eventually(() => client.received.includes('WELCOME'), { what: 'the welcome' });
  for (const frame of frames) client.socket.write(frame);
  return client;
}

const connect = (address: string) => WsTestClient.connect(`ws://${address}${PATH}`);
const match = (n: number) => toldGoal({ matchId: `m${n}-${'x'.repeat(200)}`, version: 1 });

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await running?.app.close();
  running = undefined;
});

describe('a client of protocol 2 that abuses it', () => {
  it.each([
    ['1007 for bytes that are no text', 1007, [clientFrame(TEXT, Buffer.from([0x7b, 0xc3, 0x28, 0x7d]))]],
    ['1009 for a long message', 1009, [clientFrame(TEXT, Buffer.alloc(17_000, 0x20))]],
    [
      '1009 for a long message in pieces',
      1009,
      [
        clientFrame(TEXT, '{', false),
        ...Array.from({ length: 30 }, () => clientFrame(CONTINUATION, ' '.repeat(600), false)),
      ],
    ],
  ])('is closed with %s, alone', async (_, code, frames) => {
    const { address, gateway } = await start();
    const good = await connect(address);
    const bad = await raw(address, ...frames);
    await eventually(() => bad.closeCode === code, { what: `close code ${code}` });
    good.send({ type: 'SUBSCRIBE', all: true });
    await good.next('SNAPSHOT');
    await eventually(() => gateway.counts().activeConnections === 1, { what: 'the end of the bad one' });
    await good.close();
  });

  it('is told each error, then goodbye, and closed with 1008 after twenty, alone', async () => {
    const { address } = await start();
    const [good, bad] = [await connect(address), await connect(address)];
    for (let n = 0; n < 25; n++) bad.send(n % 2 ? '[[[[' : { type: 'SUBSCRIBE', matches: [7] });
    await eventually(() => bad.closeCode === 1008, { what: 'close code 1008' });
    expect(bad.ofType('ERROR').map(({ code }) => code)).toHaveLength(20);
    expect(new Set(bad.ofType('ERROR').map(({ code }) => code))).toEqual(new Set(['BAD_JSON', 'BAD_MESSAGE']));
    expect(bad.ofType('GOODBYE')).toMatchObject([{ reason: 'abuse' }]);
    good.send({ type: 'SUBSCRIBE', all: true });
    await good.next('SNAPSHOT');
    await good.close();
  });

  it('takes nothing of a message with too many names, and all of one with as many as may be', async () => {
    const { address } = await start({ maxSubscriptions: 100, maxMessageBytes: 65_536 });
    const client = await connect(address);
    const names = Array.from({ length: 5_000 }, (_, n) => `n${n}`);
    client.send({ type: 'SUBSCRIBE', id: 'many', matches: names });
    expect(await client.next('ERROR')).toMatchObject({ id: 'many', code: 'TOO_MANY_SUBSCRIPTIONS' });
    client.send({ type: 'SUBSCRIBE', id: 'few', matches: names.slice(0, 100) });
    expect((await client.next('SNAPSHOT')).unknown).toHaveLength(100);
    await client.close();
  });

  it('is refused everything again and again, then closed; others are answered, and it may still ask for a few', async () => {
    const { address, feed } = await start({ messagesPerSecond: 100 });
    feed.deliver(
      Array.from({ length: 1_500 }, (_, n) => match(n)),
      'bus',
    );
    const [good, greedy] = [await connect(address), await connect(address)];
    const flap = () => {
      greedy.send({ type: 'SUBSCRIBE', all: true });
      greedy.send({ type: 'UNSUBSCRIBE' });
    };
    for (let n = 0; n < 8; n++) flap();
    await eventually(() => greedy.ofType('UNSUBSCRIBED').length === 8, { what: 'the answers' });
    const answered = greedy.ofType('SNAPSHOT').length;
    expect(answered).toBeGreaterThanOrEqual(2);
    expect(greedy.ofType('ERROR').map(({ code }) => code)).toEqual(Array(8 - answered).fill('REFUSED'));
    greedy.send({ type: 'SUBSCRIBE', id: 'few', matches: [match(1).matchId] });
    await eventually(() => greedy.ofType('SNAPSHOT').some(({ id }) => id === 'few'), { what: 'the few' });
    for (let n = 0; n < 30; n++) flap();
    await eventually(() => greedy.closeCode === 1008, { what: 'close code 1008' });
    good.send({ type: 'SUBSCRIBE', all: true });
    expect((await good.next('SNAPSHOT')).matches).toHaveLength(1_500);
    await good.close();
  });
});
