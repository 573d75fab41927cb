import { clientFrame, RawSocket, upgradeRequest } from '../../test/support/raw-socket.js';
import { type Attack, again, ended, pause, times } from './attack.js';
import { PROTOCOL_2_ATTACKS } from './protocol-2-attacks.js';

const TEXT = 1;
const [CONTINUATION, BINARY, PING, PONG, CLOSE] = [0, 2, 9, 10, 8];

const many = (frame: Buffer, times = 1_000) => Buffer.concat(Array<Buffer>(times).fill(frame));

/** Connects, sends without pause, and comes back whenever it is thrown out. */
function flood(bytes: Buffer, first: Buffer = Buffer.alloc(0)): Attack {
  return again(async (address) => {
    const client = await RawSocket.connect(address, Buffer.concat([Buffer.from(upgradeRequest('/ws')), first]));
    client.flood(bytes);
    await ended(client);
  });
}

/** Asks for an upgrade, keeps its half of the connection open, and asks with another one. */
function halfOpen(request: string, behind: Buffer | string = ''): Attack {
  return again(async (address) => {
    const client = await RawSocket.connect(address, request);
    if (behind.length > 0) client.socket.write(behind);
    client.socket.pause();
    setTimeout(() => client.destroy(), 8_000).unref();
    await pause(20);
  });
}

/** Reads one address of the host again and again. */
function reading(path: string): Attack {
  return again(async (address) => {
    const answer = await fetch(`http://${address}${path}`);
    await answer.arrayBuffer();
  });
}

/** From an address of its own, as the proxy says it. */
function fromManyAddresses(address: string): Promise<unknown> {
  let n = 0;
  return again(async () => {
    n += 1;
    const place = n % 2 === 0 ? `198.51.100.${n % 256}` : `2001:db8:${(n % 65_536).toString(16)}::1`;
    const headers = `X-Forwarded-For: ${place}\r\n`;
    const client = await RawSocket.connect(address, upgradeRequest('/ws', { headers }));
    client.flood(many(clientFrame(PING)));
    await ended(client);
  })(address);
}

/** Twenty connections at a time, of which nothing is read. */
const silent = times(
  20,
  again(async (address) => {
    const client = await RawSocket.connect(address, upgradeRequest('/ws'));
    client.socket.pause();
    await pause(5_000);
    client.destroy();
  }),
);

const BODY = 'Content-Length: 200000\r\n';

/** What strangers do, each by its name. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'text flood': flood(many(clientFrame(TEXT, '1'))),
  'broken JSON flood': flood(many(clientFrame(TEXT, '{'))),
  'deep JSON flood': flood(many(clientFrame(TEXT, '['.repeat(2_000)), 50)),
  'PING message flood': flood(many(clientFrame(TEXT, '{"type":"PING"}'))),
  'ping flood': flood(many(clientFrame(PING, Buffer.alloc(125)))),
  'pong flood': flood(many(clientFrame(PONG))),
  'binary flood': flood(many(clientFrame(BINARY, Buffer.alloc(1_000)), 100)),
  'fragment flood': flood(many(clientFrame(CONTINUATION, '1', false)), clientFrame(TEXT, '{', false)),
  'empty fragment flood': flood(many(clientFrame(CONTINUATION, '', false)), clientFrame(TEXT, '', false)),
  'flood behind a goodbye': flood(many(clientFrame(PING)), clientFrame(CLOSE)),
  'flood of noise': flood(Buffer.alloc(65_536, 0xff)),
  'flood from many addresses': fromManyAddresses,
  'h2c, half open': halfOpen(upgradeRequest('/health', { upgrade: 'h2c' }), Buffer.alloc(20_000)),
  'POST with an upgrade, half open': halfOpen(
    upgradeRequest('/x', { method: 'POST', upgrade: 'h2c', headers: BODY }),
    Buffer.alloc(200_000),
  ),
  'no WebSocket on /ws, half open': halfOpen(upgradeRequest('/ws', { upgrade: 'x' }), 'zzzz'),
  'an upgrade behind a request': halfOpen(
    `GET /api/matches/doors-0 HTTP/1.1\r\nHost: x\r\n\r\n${upgradeRequest('/ws')}`,
  ),
  'connect and leave': again(async (address) => {
    const client = await RawSocket.connect(address, upgradeRequest('/ws'));
    await new Promise((resolve) => client.socket.once('data', resolve).once('close', resolve));
    client.destroy();
  }),
  'long headers': again(async (address) => {
    const client = await RawSocket.connect(
      address,
      upgradeRequest('/ws', { headers: `X: ${'a'.repeat(100_000)}\r\n` }),
    );
    client.socket.once('data', () => client.destroy());
    await ended(client);
  }),
  'slow handshakes': again(async (address) => {
    const client = await RawSocket.connect(address, 'GET /ws HTTP/1.1\r\nHost: x\r\nUpgr');
    setTimeout(() => client.destroy(), 15_000).unref();
    await pause(50);
  }),
  'clients that do not read': silent,
  'a byte that the database cannot take': reading('/api/matches/%00'),
  'the live matches, again and again': reading('/api/matches/live'),
  'the finished matches, again and again': reading('/api/matches/finished'),
  'the predictions, again and again': reading('/api/predictions'),
  'the snapshot, again and again': reading('/live/snapshot'),
  'one match, again and again': reading('/live/matches/doors-0'),
  'the health, again and again': reading('/health'),
  ...PROTOCOL_2_ATTACKS,
};
