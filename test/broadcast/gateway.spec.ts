import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { BroadcastGateway } from '../../src/broadcast/adapters/ws/broadcast.gateway.js';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import { BroadcastStats } from '../../src/broadcast/ports/broadcast-stats.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';
import { withoutHeartbeats } from '../support/without-heartbeats.js';
import { ofNoMatch, WsTestClient } from '../support/ws-client.js';
import { type HostAdapter, type Platform, type RunningHost, startHost } from './broadcast-host.js';

guardAgainstLeaks();

let running: RunningHost | undefined;

async function start(...options: Parameters<typeof startHost>): Promise<RunningHost & { gateway: BroadcastGateway }> {
  running = await startHost(...options);
  return { ...running, gateway: running.app.get(BroadcastGateway) };
}

afterEach(async () => {
  await running?.app.close();
  running = undefined;
});

const COMBINATIONS: [Platform, HostAdapter][] = [
  ['express', 'none'],
  ['express', 'ws'],
  ['express', 'socket.io'],
  ['fastify', 'none'],
  ['fastify', 'ws'],
  ['fastify', 'socket.io'],
];

/** A client that says nothing is asked for a sign of life after so many heartbeats. */
const QUIET_BEATS = 4;

/** The host's own endpoint still talks. */
async function hostEndpointEchoes(adapter: HostAdapter, address: string): Promise<void> {
  if (adapter === 'ws') {
    const other = new WebSocket(`ws://${address}/other`);
    await once(other, 'open');
    other.send(JSON.stringify({ event: 'echo', data: 'hello' }));
    const [reply] = await once(other, 'message');
    expect(JSON.parse(String(reply))).toEqual({ event: 'echo', data: 'hello' });
    other.close();
    await once(other, 'close');
  }
  if (adapter === 'socket.io') {
    const other = io(`http://${address}`, { transports: ['websocket'], reconnection: false });
    await new Promise<void>((resolve, reject) => {
      other.once('connect', resolve);
      other.once('connect_error', reject);
    });
    const reply = new Promise((resolve) => other.once('echo', resolve));
    other.emit('echo', 'hello');
    expect(await reply).toBe('hello');
    other.disconnect();
  }
}

function statusOf(address: string, path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(`http://${address}${path}`, { headers, agent: false }, (response: IncomingMessage) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    request.once('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    request.once('error', reject);
  });
}

describe.each(COMBINATIONS)('on %s, host adapter %s', (platform, adapter) => {
  it('serves /ws, leaves the host its own endpoint and pages, and closes clients with 1001', async () => {
    const { app, address, gateway } = await start(platform, adapter);
    expect(gateway.endpoint).toBe('/ws');
    const client = await WsTestClient.connect(`ws://${address}/ws?x=1`, ofNoMatch);
    await hostEndpointEchoes(adapter, address);
    expect(await statusOf(address, '/page', {})).toBe(200);
    gateway.broadcast([{ type: 'SCORE_CHANGE' }, { type: 'MINUTE_UPDATE' }]);
    await client.next('MINUTE_UPDATE');
    expect(withoutHeartbeats(client.frames).map(({ type }) => type)).toEqual([
      'CONNECTED_FROM_HANDLER',
      'SCORE_CHANGE',
      'MINUTE_UPDATE',
    ]);
    const server = app.getHttpServer();
    expect(Object.hasOwn(server, 'emit')).toBe(true);
    await app.close();
    await eventually(() => client.closeCode === 1001, { what: 'close code 1001' });
    expect(Object.hasOwn(server, 'emit')).toBe(false);
    expect(Object.hasOwn(server, 'close')).toBe(false);
  });

  it('keeps a client alive longer than engine.io lets unknown sockets live', async () => {
    if (adapter !== 'socket.io') return;
    // few beats: a busy machine has the time between two of them to answer
    const { address, gateway } = await start(platform, adapter, { pingIntervalMs: 700 });
    const client = await WsTestClient.connect(`ws://${address}/ws`);
    await eventually(() => client.ofType('PING').length >= 2, { what: '1.4 s of pings' });
    expect(gateway.counts().activeConnections).toBe(1);
    await client.close();
  });
});

describe('clients that tick by themselves', () => {
  it('get every frame but the minutes, in the same order, and others still get them', async () => {
    const { address, gateway } = await start();
    const [ticking, legacy] = await Promise.all(
      ['/ws?x=2&clock=1', '/ws?clock=0'].map((path) => WsTestClient.connect(`ws://${address}${path}`, ofNoMatch)),
    );
    gateway.broadcast([{ type: 'MINUTE_UPDATE' }]);
    gateway.broadcast([{ type: 'GOAL' }, { type: 'MINUTE_UPDATE' }, { type: 'SCORE_CHANGE' }]);
    await Promise.all([ticking?.next('SCORE_CHANGE'), legacy?.next('SCORE_CHANGE')]);
    const typesOf = (client?: WsTestClient) =>
      withoutHeartbeats(client?.frames ?? [])
        .slice(1)
        .map(({ type }) => type);
    expect(typesOf(ticking)).toEqual(['GOAL', 'SCORE_CHANGE']);
    expect(typesOf(legacy)).toEqual(['MINUTE_UPDATE', 'GOAL', 'MINUTE_UPDATE', 'SCORE_CHANGE']);
  });
});

describe.each(['express', 'fastify'] as const)('upgrades nobody wants, on %s without another endpoint', (platform) => {
  it('are answered by the host as plain requests', async () => {
    const { address } = await start(platform);
    const upgrade = { connection: 'Upgrade', upgrade: 'h2c' };
    expect(await statusOf(address, '/page', upgrade)).toBe(200);
    expect(await statusOf(address, '/wsx', { ...upgrade, upgrade: 'websocket' })).toBe(404);
  });

  it('are refused when they carry a body, which is lost', async () => {
    const { address } = await start(platform);
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    socket.end('POST /page HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});

describe('the protocol', () => {
  it('greets, answers PING with PONG, and stands anything else', async () => {
    const { address, gateway } = await start();
    const client = await WsTestClient.connect(`ws://${address}/ws`);
    expect(client.frames[0]).toEqual({
      type: 'CONNECTED_FROM_HANDLER',
      message: 'welcome',
      timestamp: expect.any(Number),
    });
    for (const message of [
      'not json',
      '',
      'null',
      '42',
      '[]',
      '{}',
      '{"type":"SUBSCRIBE"}',
      '{"data":{"type":"PING"}}',
    ]) {
      client.send(message);
    }
    client.socket.send(Buffer.from([0, 255, 1]), { binary: true });
    expect(client.ofType('PONG')).toHaveLength(0);
    client.send({ type: 'PING', timestamp: 1 });
    const pong = await client.next('PONG');
    expect(pong).toEqual({ type: 'PONG', timestamp: expect.any(Number) });
    expect(pong.timestamp).toBeGreaterThan(1_700_000_000_000);
    expect(client.ofType('PONG')).toHaveLength(1);
    expect(gateway.counts()).toMatchObject({ activeConnections: 1, totalConnections: 1, totalDisconnections: 0 });
    await client.close();
    await eventually(() => gateway.counts().totalDisconnections === 1, { what: 'the disconnect to be counted' });
  });

  it('sends text frames in order to all, each type counted, nothing while nobody listens', async () => {
    const { app, address, gateway } = await start();
    gateway.broadcast([{ type: 'GOAL' }]);
    const clients = await Promise.all([1, 2, 3].map(() => WsTestClient.connect(`ws://${address}/ws`, ofNoMatch)));
    const frames = Array.from({ length: 50 }, (_, n) => ({ type: 'GOAL', n }));
    for (let at = 0; at < 50; at += 5) gateway.broadcast(frames.slice(at, at + 5));
    for (const client of clients) {
      await eventually(() => client.ofType('GOAL').length === 50, { what: '50 frames' });
      expect(client.ofType('GOAL')).toEqual(frames);
    }
    expect(gateway.counts().framesSent).toBe(50);
    const metric = await app.get(LiveScoreMetrics).registry.getSingleMetricAsString('livescore_ws_frames_total');
    expect(metric).toContain('livescore_ws_frames_total{type="GOAL"} 50');
    expect(app.get(BroadcastStats)).toBe(gateway);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('closes a client that sends too much at once, and only that one', async () => {
    const { address } = await start();
    const rude = await WsTestClient.connect(`ws://${address}/ws`);
    const polite = await WsTestClient.connect(`ws://${address}/ws`);
    rude.send('x'.repeat(17_000));
    await eventually(() => rude.closeCode === 1009, { what: 'close code 1009' });
    polite.send({ type: 'PING' });
    await polite.next('PONG');
    await polite.close();
  });

  it('refuses clients above the limit with 503', async () => {
    const { address, gateway } = await start('express', 'none', { maxClients: 1 });
    const first = await WsTestClient.connect(`ws://${address}/ws`);
    const [error] = await once(new WebSocket(`ws://${address}/ws`), 'error');
    expect(String(error)).toContain('503');
    expect(gateway.counts()).toMatchObject({ activeConnections: 1, refusedConnections: 1 });
    await first.close();
  });

  it('is spoken at /ws/, too, and at no other path that begins like it', async () => {
    const { address } = await start();
    const client = await WsTestClient.connect(`ws://${address}/ws/?x=1`);
    await client.close();
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
    for (const path of ['/ws//', '/ws/x', '/wsx', '/x/ws']) expect(await statusOf(address, path, upgrade)).toBe(404);
  });

  it('answers a request for /ws that is no upgrade like any unknown page', async () => {
    const { address } = await start();
    expect(await statusOf(address, '/ws', {})).toBe(404);
  });
});

describe('clients in trouble', () => {
  it('cuts off a client that does not read, while the others get every frame', async () => {
    const { address, gateway } = await start('express', 'none', { maxBufferedBytes: 65_536 });
    const slow = await WsTestClient.connect(`ws://${address}/ws`, ofNoMatch);
    const fast = await WsTestClient.connect(`ws://${address}/ws`, ofNoMatch);
    slow.socket.pause();
    const bigFrame = { type: 'SCORE_CHANGE', padding: 'x'.repeat(60_000) };
    let sent = 0;
    await eventually(
      () => {
        gateway.broadcast([bigFrame]);
        sent += 1;
        return gateway.counts().slowClients === 1;
      },
      { what: 'the slow client to be cut off', timeoutMs: 20_000 },
    );
    await eventually(() => fast.ofType('SCORE_CHANGE').length === sent, { what: 'every frame at the fast client' });
    expect(gateway.counts().activeConnections).toBe(1);
    slow.socket.terminate();
    await fast.close();
  });

  it('cuts off a client that answers no ping, after two of them', async () => {
    const time = new VirtualTime();
    const { app, address, gateway } = await start(
      'express',
      'none',
      { pingIntervalMs: 100 },
      new VirtualScheduler(time),
    );
    let newest: Socket | undefined;
    app.getHttpServer().on('connection', (socket: Socket) => {
      newest = socket;
    });
    const dead = new WebSocket(`ws://${address}/ws`, { autoPong: false });
    const closed = once(dead, 'close');
    await once(dead, 'open');
    const alive = await WsTestClient.connect(`ws://${address}/ws`);
    let pings = 0;
    alive.socket.on('ping', () => void pings++);
    const bytesRead = newest?.bytesRead ?? 0;
    for (let beats = 1; beats <= QUIET_BEATS + 2; beats++) {
      expect(gateway.counts().deadClients).toBe(0);
      await time.advance(100);
      await eventually(() => alive.ofType('PING').length === beats, { what: 'a heartbeat' });
      if (beats === QUIET_BEATS) {
        await eventually(() => pings === 1, { what: 'the ping' });
        await eventually(() => (newest?.bytesRead ?? 0) > bytesRead, { what: 'the answer to it' });
      }
    }
    await closed;
    expect([pings, gateway.counts().deadClients]).toEqual([1, 1]);
    await eventually(() => gateway.counts().activeConnections === 1, { what: 'the dead client to be gone' });
    await alive.close();
  });

  it('survives a client that vanishes in mid-handshake or mid-frame', async () => {
    const { address, gateway } = await start();
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    socket.write(
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(socket, 'data');
    socket.write(Buffer.from([0x81, 0xfe, 0x01]));
    socket.resetAndDestroy();
    await eventually(() => gateway.counts().totalDisconnections === 1, { what: 'the lost client to be counted' });
    expect(await statusOf(address, '/ws', { connection: 'Upgrade', upgrade: 'websocket' })).toBe(400);
  });

  it('does not wait for ever for clients that ignore the goodbye', async () => {
    const { app, address } = await start('express', 'none', { closeTimeoutMs: 50 });
    const deaf = await WsTestClient.connect(`ws://${address}/ws`);
    deaf.socket.pause();
    await app.close();
    deaf.socket.resume();
    await eventually(() => deaf.closeCode !== undefined, { what: 'the end of the connection' });
  });
});

describe('without an HTTP server', () => {
  it('says so once and stays idle', async () => {
    const warnings: unknown[] = [];
    const app = await Test.createTestingModule({ imports: [BroadcastModule.forRoot()] })
      .setLogger({ log: () => undefined, error: () => undefined, warn: (message: unknown) => warnings.push(message) })
      .compile();
    await app.init();
    expect(warnings).toEqual(['No WebSocket endpoint: the application has no HTTP server']);
    const gateway = app.get(BroadcastGateway);
    gateway.broadcast([{ type: 'GOAL' }]);
    expect(gateway.counts()).toMatchObject({ framesSent: 0, uptimeMs: 0 });
    expect(gateway.endpoint).toBeNull();
    await app.close();
  });
});

describe('options', () => {
  it('are checked at boot, in both forms', async () => {
    await expect(startHost('express', 'none', { path: 'ws' })).rejects.toThrow('option "path"');
    const module = BroadcastModule.forRootAsync({ useFactory: () => ({ maxClients: 0 }) });
    await expect(Test.createTestingModule({ imports: [module] }).compile()).rejects.toThrow('option "maxClients"');
  });

  it('move the endpoint to another path', async () => {
    const { address } = await start('fastify', 'none', { path: '/live/scores' });
    const client = await WsTestClient.connect(`ws://${address}/live/scores`);
    await client.close();
    expect(await statusOf(address, '/ws', {})).toBe(404);
  });
});
