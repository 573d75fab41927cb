import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AdmittedClient } from '../../src/broadcast/adapters/ws/admitted-client.js';
import { Doorkeeper } from '../../src/broadcast/adapters/ws/doorkeeper.js';
import { type BroadcastOptions, resolveBroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import {
  ANONYMOUS,
  type ClientAuthenticator,
  type ClientIdentity,
  type UpgradeFacts,
} from '../../src/broadcast/ports/client-authenticator.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { FakeClock } from '../../src/testing/index.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { clientFrame, RawSocket, upgradeRequest } from '../support/raw-socket.js';

guardAgainstLeaks();

const KNOWN: ClientIdentity = { subject: 'ann', claims: { plan: 'pro' }, expiresAtMs: null };
const TEXT = 1;

/** An authenticator that answers when the test says so. */
class Asked extends EventEmitter implements ClientAuthenticator {
  readonly calls: { token: string; facts: UpgradeFacts; answer: (identity: ClientIdentity | null) => void }[] = [];

  constructor(private readonly atOnce?: ClientIdentity | null) {
    super();
  }

  async authenticate(token: string, facts: UpgradeFacts): Promise<ClientIdentity | null> {
    return new Promise((resolve) => {
      this.calls.push({ token, facts, answer: resolve });
      if (this.atOnce !== undefined) resolve(this.atOnce);
    });
  }
}

interface Door {
  readonly doorkeeper: Doorkeeper;
  readonly admitted: AdmittedClient[];
  /** of every upgrade, in order */
  readonly sockets: Duplex[];
  /** what clients sent */
  readonly received: string[];
  /** did `admit` hand over the client before it returned? */
  readonly atOnce: boolean[];
  connect(request: string | Buffer): Promise<RawSocket>;
}

let server: Server | undefined;
let door: Doorkeeper | undefined;
const clients: RawSocket[] = [];

async function open(options: BroadcastOptions = {}, authenticator?: ClientAuthenticator): Promise<Door> {
  const logger = new Logger('test');
  const clock = new FakeClock();
  const doorkeeper = new Doorkeeper(
    resolveBroadcastOptions({ closeTimeoutMs: 100, ...options }),
    new SystemScheduler(),
    new LiveScoreMetrics(),
    logger,
    authenticator ? { authenticator, clock } : null,
  );
  const [admitted, received, atOnce]: [AdmittedClient[], string[], boolean[]] = [[], [], []];
  const sockets: Duplex[] = [];
  const listening = createServer().listen(0, '127.0.0.1');
  listening.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const before = admitted.length;
    sockets.push(socket);
    doorkeeper.admit(request, socket, head, (client) => {
      admitted.push(client);
      client.ws.on('error', () => undefined);
      client.ws.on('message', (data: Buffer) => received.push(data.toString()));
    });
    atOnce.push(admitted.length > before);
  });
  await new Promise((resolve) => listening.once('listening', resolve));
  const address = `127.0.0.1:${(listening.address() as AddressInfo).port}`;
  [server, door] = [listening, doorkeeper];
  const connect = async (request: string | Buffer) => {
    const client = await RawSocket.connect(address, request);
    clients.push(client);
    return client;
  };
  return { doorkeeper, admitted, sockets, received, atOnce, connect };
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  door?.close();
  door?.end();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  [server, door] = [undefined, undefined];
  jest.restoreAllMocks();
});

const answered = (client: RawSocket) =>
  eventually(() => client.status !== '', { what: 'an answer' }).then(() => client.status);
const headers = (...lines: string[]) => ({ headers: lines.map((line) => `${line}\r\n`).join('') });
const silently = () => jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);

describe('origins', () => {
  const origins = ['https://example.org', 'http://localhost:5173'];

  it.each([
    ['Origin: https://example.org', 101],
    ['Origin: http://localhost:5173', 101],
    ['Origin: https://example.org.evil.test', 403],
    ['Origin: http://example.org', 403],
    ['Origin: https://evil.test', 403],
    ['Origin: null', 403],
    ['Origin: ', 403],
    ['Origin: https://example.org\r\nOrigin: https://evil.test', 403],
    ['Sec-WebSocket-Origin: https://evil.test', 403],
    ['X-Other: https://evil.test', 101],
  ])('with a list: %j gets %i', async (line, status) => {
    silently();
    const { connect, doorkeeper } = await open({ origins });
    const client = await connect(upgradeRequest('/ws', headers(line)));
    expect(await answered(client)).toContain(String(status));
    expect(doorkeeper.taken).toBe(status === 101 ? 1 : 0);
    expect(doorkeeper.refused).toBe(status === 101 ? 0 : 1);
  });

  it('without a list: every page may connect', async () => {
    const { connect } = await open();
    expect(await answered(await connect(upgradeRequest('/ws', headers('Origin: https://evil.test'))))).toContain('101');
  });

  it('come first: nobody is asked about a token, and no handshake is counted', async () => {
    silently();
    const asked = new Asked(KNOWN);
    const { connect } = await open({ origins, handshakesPerSecond: 1 }, asked);
    const evil = upgradeRequest('/ws?token=t', headers('Origin: https://evil.test'));
    for (let times = 0; times < 6; times += 1) expect(await answered(await connect(evil))).toContain('403');
    expect(asked.calls).toEqual([]);
    expect(await answered(await connect(upgradeRequest('/ws')))).toContain('101');
  });

  it('stand in no log', async () => {
    const warned = silently();
    const { connect } = await open({ origins });
    await answered(await connect(upgradeRequest('/ws', headers('Origin: https://evil.test'))));
    expect(warned).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(warned.mock.calls)).not.toContain('evil');
  });
});

describe('the boot', () => {
  it.each([
    [[], [[expect.stringContaining('not limited per address'), { option: 'broadcast.trustedProxies' }]]],
    [['192.0.2.1'], []],
  ])('says so where no proxies are named: %j', async (trustedProxies, said) => {
    const logged = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    const { doorkeeper } = await open({ trustedProxies });
    doorkeeper.open();
    expect(logged.mock.calls).toEqual(said);
  });
});

describe('without an authenticator', () => {
  it('everybody is anonymous, at once, and a token is nothing special', async () => {
    const { connect, admitted, atOnce } = await open();
    const client = await connect(upgradeRequest('/ws?token=t', headers('Authorization: Bearer t')));
    expect(await answered(client)).toContain('101');
    expect(admitted[0]?.identity).toBe(ANONYMOUS);
    expect(admitted[0]?.facts).toMatchObject({ url: '/ws?token=t', headers: {}, address: null });
    expect(atOnce).toEqual([true]);
  });

  it('keeps the headers for guards, where there are some', async () => {
    const guards = [{ canActivate: () => true }];
    const { connect, admitted } = await open({ enhancers: { guards } });
    await answered(await connect(upgradeRequest('/ws', headers('X-Tenant: a', 'Authorization: Bearer t'))));
    expect(admitted[0]?.facts.headers).toMatchObject({ 'x-tenant': 'a', authorization: 'Bearer t' });
  });

  it('does not open for clients that must say who they are', async () => {
    const { doorkeeper } = await open({ anonymous: false });
    expect(() => doorkeeper.open()).toThrow(/BroadcastModule: option "anonymous" must be true/);
  });
});

describe('with an authenticator', () => {
  it.each([
    ['header', '/ws', headers('Authorization: Bearer t.o-k')],
    ['subprotocol', '/ws', headers('Sec-WebSocket-Protocol: livescore.v2, bearer.t.o-k')],
    ['query', '/ws?token=t.o-k', {}],
  ])('asks about the token of the %s, and keeps none', async (_name, url, given) => {
    const asked = new Asked(KNOWN);
    const { connect, admitted, atOnce } = await open({}, asked);
    const client = await connect(upgradeRequest(url, given));
    expect(await answered(client)).toContain('101');
    expect(asked.calls.map(({ token }) => token)).toEqual(['t.o-k']);
    expect(JSON.stringify([asked.calls[0]?.facts, admitted[0]?.facts])).not.toContain('t.o-k');
    expect(client.received.toString()).not.toContain('t.o-k');
    expect(admitted[0]?.identity).toBe(KNOWN);
    expect(atOnce).toEqual([false]);
  });

  it('selects a subprotocol that is no token', async () => {
    const { connect, admitted } = await open({}, new Asked(KNOWN));
    const offer = (list: string) => connect(upgradeRequest('/ws', headers(`Sec-WebSocket-Protocol: ${list}`)));
    const answers = [];
    for (const list of ['bearer.t, livescore.v2', 'bearer.t, livescore', 'bearer.t']) {
      const client = await offer(list);
      await answered(client);
      answers.push(/Sec-WebSocket-Protocol: (.*)\r/.exec(client.received.toString())?.[1]);
    }
    expect(answers).toEqual(['livescore.v2', 'livescore', undefined]);
    expect(admitted.map(({ protocol2 }) => protocol2)).toEqual([true, false, false]);
  });

  it.each<[boolean, string, number]>([
    [true, '/ws', 101],
    [false, '/ws', 401],
    [false, '/ws?token=', 401],
  ])('anonymous %j: %s gets %i at once', async (anonymous, url, status) => {
    const asked = new Asked(KNOWN);
    const { connect, admitted, atOnce, doorkeeper } = await open({ anonymous }, asked);
    const client = await connect(upgradeRequest(url));
    expect(await answered(client)).toContain(String(status));
    expect(atOnce).toEqual([anonymous]);
    expect(admitted.map(({ identity }) => identity)).toEqual(anonymous ? [ANONYMOUS] : []);
    if (status === 401) {
      expect(client.received.toString()).toContain('\r\nWWW-Authenticate: Bearer\r\n');
      await eventually(() => doorkeeper.taken === 0, { what: 'the place to be free' });
    }
    expect(asked.calls).toEqual([]);
  });

  it('answers 401 to a token that nobody knows, and to one that is too long, and gives the place back', async () => {
    const asked = new Asked(null);
    const { connect, doorkeeper } = await open({}, asked);
    for (const token of ['wrong', 'x'.repeat(5_000)]) {
      const client = await connect(upgradeRequest('/ws', headers(`Authorization: Bearer ${token}`)));
      expect(await answered(client)).toContain('401');
      await eventually(() => client.ended && doorkeeper.taken === 0, { what: 'the end of the connection' });
    }
    expect(asked.calls).toHaveLength(1);
    expect(doorkeeper.refused).toBe(2);
  });

  it('answers 503 when the authenticator is too slow', async () => {
    const warned = silently();
    const { connect, doorkeeper, admitted } = await open({ authTimeoutMs: 20 }, new Asked());
    const client = await connect(upgradeRequest('/ws?token=secret'));
    expect(await answered(client)).toContain('503');
    expect(client.received.toString()).toContain('Retry-After: 1');
    await eventually(() => doorkeeper.taken === 0, { what: 'the place to be free' });
    expect(admitted).toEqual([]);
    expect(JSON.stringify(warned.mock.calls)).toMatch(/too slow/);
    expect(JSON.stringify(warned.mock.calls)).not.toMatch(/secret/);
  });

  it('holds the place, and loses nothing that comes early', async () => {
    const asked = new Asked();
    const { connect, doorkeeper, admitted, received } = await open({ authTimeoutMs: 30_000 }, asked);
    const early = Buffer.concat([Buffer.from(upgradeRequest('/ws?token=t')), clientFrame(TEXT, 'first')]);
    const client = await connect(early);
    await eventually(() => asked.calls.length === 1, { what: 'the question' });
    client.socket.write(clientFrame(TEXT, 'second'));
    expect([doorkeeper.taken, admitted.length, client.received.length]).toEqual([1, 0, 0]);
    asked.calls[0]?.answer(KNOWN);
    expect(await answered(client)).toContain('101');
    client.socket.write(clientFrame(TEXT, 'third'));
    await eventually(() => received.length === 3, { what: 'all three messages' });
    expect(received).toEqual(['first', 'second', 'third']);
  });

  it('takes no more from a client that waits than its buffers hold', async () => {
    const asked = new Asked();
    const { connect, doorkeeper, sockets } = await open({ authTimeoutMs: 30_000 }, asked);
    const client = await connect(upgradeRequest('/ws?token=t'));
    await eventually(() => asked.calls.length === 1, { what: 'the question' });
    client.flood(clientFrame(TEXT, 'x'.repeat(1_000)));
    await eventually(() => client.socket.writableLength > 0 && client.socket.writableNeedDrain, {
      what: 'the client to be held up',
    });
    const [socket] = sockets;
    expect(socket?.readableLength).toBeLessThanOrEqual(2 * (socket?.readableHighWaterMark ?? 0));
    asked.calls[0]?.answer(null);
    await eventually(() => doorkeeper.taken === 0, { what: 'the place to be free' });
  });

  it.each([
    ['is reset', (client: RawSocket) => client.socket.resetAndDestroy()],
    ['ends', (client: RawSocket) => client.socket.end()],
  ])('frees everything when a client %s meanwhile', async (_name, leave) => {
    const asked = new Asked();
    const { connect, doorkeeper, admitted } = await open({ authTimeoutMs: 30_000 }, asked);
    const client = await connect(upgradeRequest('/ws?token=t'));
    await eventually(() => asked.calls.length === 1, { what: 'the question' });
    leave(client);
    await eventually(() => doorkeeper.taken === 0, { what: 'the place to be free' });
    asked.calls[0]?.answer(KNOWN);
    await new Promise((resolve) => setImmediate(resolve));
    expect(admitted).toEqual([]);
  });

  it('lets go of those who wait when the host closes its server', async () => {
    const asked = new Asked();
    const { connect, doorkeeper } = await open({ authTimeoutMs: 30_000 }, asked);
    const client = await connect(upgradeRequest('/ws?token=t'));
    await eventually(() => asked.calls.length === 1, { what: 'the question' });
    doorkeeper.close();
    await eventually(() => client.ended && doorkeeper.taken === 0, { what: 'the end of the connection' });
  });

  it('can be asked again by a client that is connected', async () => {
    const asked = new Asked(KNOWN);
    const { doorkeeper } = await open({}, asked);
    const facts = { headers: {}, url: '/ws', address: null };
    const { signal } = new AbortController();
    expect(await doorkeeper.authenticate('t', facts, signal)).toEqual({ identity: KNOWN });
    expect(asked.calls[0]?.facts).toBe(facts);
  });
});

it('tells who asks again that there is nobody to ask', async () => {
  const { doorkeeper } = await open();
  const facts = { headers: {}, url: '/ws', address: null };
  expect(await doorkeeper.authenticate('t', facts, new AbortController().signal)).toBeNull();
});
