import { afterEach, describe, expect, it } from '@jest/globals';
import { BroadcastGateway } from '../../src/broadcast/adapters/ws/broadcast.gateway.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { clientFrame, RawSocket, upgradeRequest } from '../support/raw-socket.js';
import { VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';
import { ofNoMatch, WsTestClient } from '../support/ws-client.js';
import { type RunningHost, startHost } from './broadcast-host.js';

guardAgainstLeaks();

let running: RunningHost | undefined;
const clients: RawSocket[] = [];

async function start(...options: Parameters<typeof startHost>): Promise<RunningHost & { gateway: BroadcastGateway }> {
  running = await startHost(...options);
  return { ...running, gateway: running.app.get(BroadcastGateway) };
}

async function raw(address: string, request: string | Buffer = upgradeRequest('/ws')): Promise<RawSocket> {
  const client = await RawSocket.connect(address, request);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await running?.app.close();
  running = undefined;
});

const many = (frame: Buffer) => Buffer.concat(Array<Buffer>(2_000).fill(frame));
const TEXT = 1;
const FLOODS: [string, Buffer][] = [
  ['one byte of text', many(clientFrame(TEXT, '1'))],
  ['broken JSON', many(clientFrame(TEXT, '{'))],
  ['deep JSON', many(clientFrame(TEXT, '['.repeat(200)))],
  ['PING messages', many(clientFrame(TEXT, '{"type":"PING"}'))],
  ['pings', many(clientFrame(9, Buffer.alloc(125)))],
  ['pongs', many(clientFrame(10))],
  ['empty messages', many(clientFrame(TEXT))],
  ['binary messages', many(clientFrame(2, Buffer.alloc(100)))],
  ['fragments', Buffer.concat([clientFrame(TEXT, '{', false), many(clientFrame(0, '1', false))])],
  ['pings among text', many(Buffer.concat([clientFrame(9), clientFrame(TEXT, '1')]))],
  [
    'fragments with pings between',
    Buffer.concat([clientFrame(TEXT, '{', false), many(Buffer.concat([clientFrame(0, '1', false), clientFrame(9)]))]),
  ],
  ['empty fragments', Buffer.concat([clientFrame(TEXT, '', false), many(clientFrame(0, '', false))])],
];

describe('a client that sends without pause', () => {
  it.each(FLOODS)('is cut off with 1008 before its messages are parsed: %s', async (_, bytes) => {
    const { app, address, gateway } = await start();
    const client = await raw(address);
    await eventually(() => client.status.includes('101'), { what: 'the upgrade' });
    client.flood(bytes);
    await eventually(() => client.closeCode === 1008, { what: 'close code 1008' });
    await eventually(() => client.closed && gateway.counts().takenSockets === 0, { what: 'the end of the connection' });
    expect(gateway.counts()).toMatchObject({ floodingClients: 1, activeConnections: 0 });
    const metrics = app.get(LiveScoreMetrics).registry;
    expect(await metrics.getSingleMetricAsString('livescore_ws_cut_off_total')).toContain('{reason="flooding"} 1');
  });

  it('is not saved by sending before it is welcome, nor by a goodbye, nor by what breaks the protocol', async () => {
    const { address, gateway } = await start();
    const flood = many(clientFrame(9));
    const early = await raw(address, Buffer.concat([Buffer.from(upgradeRequest('/ws')), flood]));
    const goodbye = await raw(address);
    const broken = await raw(address);
    await eventually(() => gateway.counts().totalConnections === 3, { what: 'three clients' });
    goodbye.flood(Buffer.concat([clientFrame(8), flood]));
    broken.flood(Buffer.concat([Buffer.from([0xff, 0xff]), flood]));
    early.flood(flood);
    await eventually(() => [early, goodbye, broken].every(({ closed }) => closed), { what: 'the end of all' });
    expect(gateway.counts().takenSockets).toBe(0);
  });

  it('leaves the others their frames and the pages their answers', async () => {
    const { address, gateway } = await start();
    const good = await WsTestClient.connect(`ws://${address}/ws`, ofNoMatch);
    const flooders = await Promise.all(Array.from({ length: 20 }, () => raw(address)));
    for (const [n, client] of flooders.entries()) client.flood(FLOODS[n % FLOODS.length]![1]);
    for (let sent = 1; sent <= 20; sent++) {
      gateway.broadcast([{ type: 'GOAL' }]);
      await eventually(() => good.ofType('GOAL').length === sent, { what: 'the goal' });
    }
    expect((await fetch(`http://${address}/page`)).status).toBe(200);
    await eventually(() => gateway.counts().floodingClients === 20, { what: 'all flooders to be cut off' });
    good.send({ type: 'PING' });
    await good.next('PONG');
    await good.close();
  });
});

describe('a client that sends a little more than it may', () => {
  it('is not read from for a second, then heard', async () => {
    const time = new VirtualTime();
    const options = { messagesPerSecond: 2 };
    const { address, gateway } = await start('express', 'none', options, new VirtualScheduler(time));
    const client = await WsTestClient.connect(`ws://${address}/ws`);
    for (let n = 0; n < 43; n++) client.send({ type: 'PING' });
    const pongs = async (ms: number, count: number, what: string) => {
      await time.advance(ms);
      await eventually(() => client.ofType('PONG').length >= count, { what });
      expect(client.ofType('PONG')).toHaveLength(count);
    };
    await pongs(0, 40, 'answers to twenty seconds of messages');
    await pongs(999, 40, 'nothing more');
    await pongs(1, 42, 'answers to a second of messages');
    await pongs(1_000, 43, 'the last answer');
    expect(gateway.counts().floodingClients).toBe(0);
    await client.close();
  });

  it('is closed with 1008 when it does not stop', async () => {
    const { address } = await start('express', 'none', { messagesPerSecond: 1 });
    const client = await WsTestClient.connect(`ws://${address}/ws`);
    const sending = setInterval(() => client.socket.readyState === 1 && client.send('1'), 10);
    try {
      await eventually(() => client.closeCode === 1008, { what: 'close code 1008' });
    } finally {
      clearInterval(sending);
    }
  });

  it('is counted by its reads, too: a message byte by byte is many reads', async () => {
    const { address, gateway } = await start('express', 'none', { bytesPerSecond: 64, maxMessageBytes: 64 });
    const client = await raw(address);
    await eventually(() => client.status.includes('101'), { what: 'the upgrade' });
    client.socket.setNoDelay(true);
    const endless = clientFrame(TEXT, 'x'.repeat(60));
    let at = 0;
    const sending = setInterval(
      () => client.socket.write(endless.subarray(at % endless.length, (at++ % endless.length) + 1)),
      1,
    );
    try {
      await eventually(() => gateway.counts().floodingClients === 1, { what: 'the client to be cut off' });
    } finally {
      clearInterval(sending);
    }
  });

  it('hears of it when the application ends meanwhile', async () => {
    const { app, address } = await start('express', 'none', { messagesPerSecond: 1 });
    const client = await WsTestClient.connect(`ws://${address}/ws`);
    for (let n = 0; n < 23; n++) client.send('1');
    await app.close();
    await eventually(() => client.closeCode === 1001, { what: 'close code 1001' });
  });
});

describe('compression', () => {
  it('is offered in vain: nothing of a client is ever inflated', async () => {
    const { address } = await start();
    const offers = Array<string>(200).fill('permessage-deflate; client_max_window_bits').join(', ');
    const client = await raw(address, upgradeRequest('/ws', { headers: `Sec-WebSocket-Extensions: ${offers}\r\n` }));
    await eventually(() => client.status.includes('101'), { what: 'the upgrade' });
    expect(client.received.toString('latin1')).not.toContain('permessage-deflate');
    client.socket.write(Buffer.concat([Buffer.from([0xc1, 0x81]), Buffer.alloc(5)]));
    await eventually(() => client.closeCode === 1002, { what: 'close code 1002' });
  });
});

describe('a client that is cut off', () => {
  it.each([
    ['plainly', many(clientFrame(9))],
    ['as it says goodbye', Buffer.concat([clientFrame(8), many(clientFrame(9))])],
    ['as it breaks the protocol', Buffer.concat([Buffer.from([0xff, 0xff]), many(clientFrame(9))])],
  ])('is not read from until the end: %s', async (_, bytes) => {
    const { address, gateway } = await start();
    const client = await raw(address);
    await eventually(() => gateway.counts().activeConnections === 1, { what: 'the client' });
    client.flood(bytes);
    await eventually(() => client.closed, { what: 'the end of the connection' });
    // what the kernels of both sides hold, and no more
    expect(client.socket.bytesWritten).toBeLessThan(16_000_000);
  });
});
