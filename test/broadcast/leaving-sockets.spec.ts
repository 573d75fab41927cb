import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BroadcastGateway } from '../../src/broadcast/adapters/ws/broadcast.gateway.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { clientFrame, RawSocket, upgradeRequest } from '../support/raw-socket.js';
import { ofNoMatch, WsTestClient } from '../support/ws-client.js';
import { type RunningHost, startHost } from './broadcast-host.js';

guardAgainstLeaks();

let running: RunningHost | undefined;
const clients: RawSocket[] = [];

interface Started extends RunningHost {
  readonly gateway: BroadcastGateway;
  /** sockets that the host holds, whoever accounts for them */
  readonly held: () => Promise<number>;
}

async function start(...options: Parameters<typeof startHost>): Promise<Started> {
  running = await startHost(...options);
  const server: Server = running.app.getHttpServer();
  const held = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  return { ...running, gateway: running.app.get(BroadcastGateway), held };
}

async function raw(address: string, request: string | Buffer): Promise<RawSocket> {
  const client = await RawSocket.connect(address, request);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await running?.app.close();
  running = undefined;
});

const BODY = 'Content-Length: 200000\r\n';
/** Each is a way to be let go of by Node; every client keeps its half of the connection open. */
const WAYS: [string, string, string, RegExp][] = [
  ['h2c on a page', upgradeRequest('/page', { upgrade: 'h2c' }), '', / 200 /],
  ['h2c on no page', upgradeRequest('/nothing', { upgrade: 'h2c' }), '', / 404 /],
  ['any protocol', upgradeRequest('/page', { upgrade: 'x/1' }), '', / 200 /],
  ['WebSocket on a page', upgradeRequest('/page'), '', / 200 /],
  ['h2c with 60 KB behind it', upgradeRequest('/page', { upgrade: 'h2c' }), 'y'.repeat(60_000), / 200 /],
  ['a request behind the upgrade', upgradeRequest('/page', { upgrade: 'h2c' }), 'GET /page HTTP/1.1\r\n\r\n', / 200 /],
  [
    'POST with a body',
    upgradeRequest('/page', { method: 'POST', upgrade: 'h2c', headers: BODY }),
    'z'.repeat(200_000),
    / 400 /,
  ],
  [
    'POST in chunks',
    upgradeRequest('/page', { method: 'POST', headers: 'Transfer-Encoding: chunked\r\n' }),
    '5\r\n',
    / 400 /,
  ],
  ['POST without a body', upgradeRequest('/page', { method: 'POST', upgrade: 'h2c' }), '', / 404 /],
  ['HEAD', upgradeRequest('/page', { method: 'HEAD', upgrade: 'h2c' }), '', / 200 /],
  ['PUT', upgradeRequest('/page', { method: 'PUT', upgrade: 'h2c' }), '', / 404 /],
  ['OPTIONS', upgradeRequest('/page', { method: 'OPTIONS', upgrade: 'h2c' }), '', / (200|204|404) /],
  ['two protocols', upgradeRequest('/page', { upgrade: 'h2c, websocket' }), '', / 200 /],
  [
    'h2c with its settings',
    upgradeRequest('/page', { upgrade: 'h2c', headers: 'HTTP2-Settings: AAMAAABkAAQAoAAA\r\n' }),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    / 200 /,
  ],
  ['TLS behind the upgrade', upgradeRequest('/page', { upgrade: 'TLS/1.2' }), '\x16\x03\x01\x02\x00', / 200 /],
  ['h2c on the endpoint', upgradeRequest('/ws', { upgrade: 'h2c' }), 'zzzz', / 400 /],
  ['POST on the endpoint', upgradeRequest('/ws', { method: 'POST', headers: BODY }), 'z'.repeat(100_000), / 405 /],
  ['an old version', upgradeRequest('/ws').replace('Version: 13', 'Version: 7'), '', / 400 /],
  ['no key', upgradeRequest('/ws').replace(/Sec-WebSocket-Key.*\r\n/, ''), '', / 400 /],
];

describe.each(['express', 'fastify'] as const)('on %s, a socket that Node has let go of', (platform) => {
  it.each(WAYS)('is freed although its client keeps its half: %s', async (_, request, bytes, answer) => {
    const { address, held } = await start(platform);
    const asking = await Promise.all(Array.from({ length: 5 }, () => raw(address, request + bytes)));
    await eventually(() => asking.every(({ ended }) => ended), { what: 'every answer and its end' });
    await eventually(async () => (await held()) === 0, { what: 'the sockets to be freed' });
    for (const client of asking) expect(client.status).toMatch(answer);
  });

  it('is freed when more comes than anybody could want', async () => {
    const { address, held } = await start(platform);
    const client = await raw(address, upgradeRequest('/slow', { upgrade: 'h2c' }));
    client.flood(Buffer.alloc(16_384));
    await eventually(async () => (await held()) === 0, { what: 'the socket to be freed' });
  });

  it('is freed when its client is gone before the answer', async () => {
    const { address, held } = await start(platform);
    const [gone, silent] = [upgradeRequest('/slow', { upgrade: 'h2c' }), upgradeRequest('/slow')];
    const [first, second] = [await raw(address, gone), await raw(address, silent)];
    await eventually(async () => (await held()) === 2, { what: 'both requests' });
    first.destroy();
    second.socket.end();
    await eventually(async () => (await held()) === 0, { what: 'both sockets to be freed' });
  });

  it('keeps nobody waiting when the host closes', async () => {
    const { app, address, held } = await start(platform);
    await raw(address, upgradeRequest('/slow', { upgrade: 'h2c' }));
    const endless = await raw(address, upgradeRequest('/endless', { upgrade: 'h2c' }));
    endless.socket.pause();
    await raw(address, upgradeRequest('/ws', { upgrade: 'h2c' }));
    await eventually(async () => (await held()) >= 2, { what: 'the requests' });
    await app.close();
    running = undefined;
  });
});

describe('a connection on which an earlier request is still being answered', () => {
  it.each(['/ws', '/page'])('is closed when it asks for an upgrade of %s', async (path) => {
    const { address, gateway, held } = await start();
    const earlier = 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n';
    const client = await raw(address, earlier + upgradeRequest(path, path === '/ws' ? {} : { upgrade: 'h2c' }));
    await eventually(async () => client.closed || ((await held()) === 0 && client.ended), { what: 'the end' });
    expect([client.status, gateway.counts().totalConnections]).toEqual(['', 0]);
    expect((await fetch(`http://${address}/page`)).status).toBe(200);
  });
});

describe('the places of the endpoint', () => {
  it('are counted from the request to the end of the socket: no more descriptors than places', async () => {
    const { address, gateway, held } = await start('express', 'none', { maxClients: 5 });
    const asking = await Promise.all(Array.from({ length: 300 }, () => raw(address, upgradeRequest('/ws'))));
    await eventually(() => asking.every(({ ended, status }) => ended || status.includes('101')), {
      what: 'all answers',
    });
    await eventually(async () => (await held()) === 5, { what: 'the others to be freed' });
    expect(asking.filter(({ status }) => status.includes('101'))).toHaveLength(5);
    expect(asking.filter(({ status }) => status !== '').every(({ status }) => /101|503/.test(status))).toBe(true);
    expect(gateway.counts()).toMatchObject({ takenSockets: 5, refusedConnections: 295 });
  });

  it('are freed by clients that close their half and read nothing', async () => {
    const { address, gateway } = await start('express', 'none', { closeTimeoutMs: 100, maxBufferedBytes: 67_108_864 });
    const client = await raw(address, upgradeRequest('/ws'));
    await eventually(() => gateway.counts().activeConnections === 1, { what: 'the client' });
    client.socket.pause();
    const big = { type: 'GOAL', padding: 'x'.repeat(1_000_000) };
    for (let n = 0; n < 16; n++) gateway.broadcast([big]);
    client.socket.end();
    await eventually(() => gateway.counts().takenSockets === 0, { what: 'the place' });
  });

  it('are freed by clients that say goodbye, break the protocol, and keep their half', async () => {
    const { address, gateway } = await start('express', 'none', { closeTimeoutMs: 100 });
    for (const last of [clientFrame(8), Buffer.from([0xff, 0xff]), clientFrame(1, Buffer.alloc(17_000))]) {
      const client = await raw(address, upgradeRequest('/ws'));
      await eventually(() => gateway.counts().activeConnections === 1, { what: 'the client' });
      client.socket.write(last);
      await eventually(() => gateway.counts().takenSockets === 0, { what: 'the place' });
    }
  });

  it('are given per address, where proxies say who asks', async () => {
    const { address, gateway } = await start('express', 'none', {
      maxClientsPerAddress: 2,
      trustedProxies: ['127.0.0.1'],
    });
    const from = (client: string) =>
      raw(address, upgradeRequest('/ws', { headers: `X-Forwarded-For: 198.51.100.1, ${client}\r\n` }));
    const asking = await Promise.all([1, 2, 3, 4].map(() => from('203.0.113.7')));
    await eventually(() => asking.every(({ status }) => status !== ''), { what: 'four answers' });
    expect(asking.map(({ status }) => status).filter((status) => status.includes('101'))).toHaveLength(2);
    expect(asking.map(({ status }) => status).filter((status) => status.includes(' 429 '))).toHaveLength(2);
    const other = await from('203.0.113.8');
    await eventually(() => other.status.includes('101'), { what: 'a place for another address' });
    expect(gateway.counts().activeConnections).toBe(3);
  });
});

describe('clients that do not read', () => {
  it('are cut off, the slowest first, when all together leave too much unread', async () => {
    const { address, gateway } = await start('express', 'none', {
      maxBufferedBytes: 16_777_216,
      maxBufferedBytesTotal: 20_000_000,
    });
    const good = await WsTestClient.connect(`ws://${address}/ws`, ofNoMatch);
    const slowest = await raw(address, upgradeRequest('/ws'));
    slowest.socket.pause();
    await eventually(() => gateway.counts().activeConnections === 2, { what: 'the first' });
    const frame = { type: 'GOAL', padding: 'x'.repeat(100_000) };
    let sent = 0;
    const send = (times: number) => {
      for (let n = 0; n < times; n++, sent++) gateway.broadcast([frame]);
      return eventually(() => good.ofType('GOAL').length === sent, { what: 'every frame at the good client' });
    };
    // more than the kernel holds for one that does not read
    for (let n = 0; n < 12; n++) await send(10);
    const later = await Promise.all([1, 2, 3].map(() => raw(address, upgradeRequest('/ws'))));
    for (const { socket } of later) socket.pause();
    await eventually(() => gateway.counts().activeConnections === 5, { what: 'all' });
    while (gateway.counts().slowClients === 0) await send(1);
    expect(gateway.counts()).toMatchObject({ slowClients: 1, activeConnections: 4 });
    slowest.socket.resume();
    await eventually(() => slowest.ended, { what: 'the end of the slowest' });
    await good.close();
  });
});
