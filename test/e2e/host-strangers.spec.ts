import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { readEnvironment } from '../../examples/host/environment.js';
import { type RunningHost, startHost } from '../../examples/host/start-host.js';
import type { Liveness } from '../../src/index.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { RawSocket, upgradeRequest } from '../support/raw-socket.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

/** What the host tells of itself meanwhile, by its context: how many messages came, and that a busy machine was late. */
const BESIDE =
  /websocket\.msg\.rate|"(IngestLease|HostRecord|Readiness|ReadySignal|DatabaseProbe|PgDatabase|TakeoverRepeat)"$/;

/** Every line of the host's log. */
class Lines {
  readonly text: string[] = [];

  write = (...line: unknown[]): void => {
    this.text.push(line.map((part) => (part instanceof Error ? part.stack : JSON.stringify(part))).join(' '));
  };
}

describe('the example host, to strangers', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let host: RunningHost;
  let address: string;
  const lines = new Lines();

  beforeAll(async () => {
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    const environment = {
      ...readEnvironment({ LIVESCORE_INTERNAL_SECRET: 'whistle' }),
      databaseUrl: database.url,
      mqttUrl: broker.url,
      port: 0,
    };
    host = await startHost(environment, { logLevels: [] });
    Logger.overrideLogger({ log: lines.write, warn: lines.write, error: lines.write });
    address = host.url.replace('http://', '');
  });

  afterAll(async () => {
    await host.close();
    await broker.stop();
    await database.drop();
    Logger.overrideLogger(false);
  });

  it('does not say what it is made of, and tells browsers what its page may do', async () => {
    for (const path of ['/', '/api/matches/live', '/health', '/nothing']) {
      const { headers } = await fetch(host.url + path);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('listens on this machine only', () => {
    expect(host.app.getHttpServer().address()).toMatchObject({ address: '127.0.0.1' });
  });

  it.each([
    ['/api/matches/%00', 404],
    ['/api/matches/a%00b', 404],
    [`/api/matches/${'x'.repeat(300)}`, 404],
    ['/api/matches/%E2%80%AE', 404],
    ['/api/matches/%c0', 400],
    ['/livescore/explain/%00', 404],
    ['/%00', 404],
    [`/${'%F0%9F%98%80'.repeat(500)}`, 404],
  ])('answers %s without a line in the log', async (path, status) => {
    const before = lines.text.length;
    for (let n = 0; n < 5; n++) expect((await fetch(host.url + path)).status).toBe(status);
    expect(lines.text.slice(before).filter((line) => !BESIDE.test(line))).toEqual([]);
  });

  it('logs a fault that anybody can provoke once, and says nothing of it to the client', async () => {
    const reader = host.app.get<{ match(): Promise<never> }>(
      (await import('../../examples/host/match-reader.js')).MatchReader as never,
    );
    const match = reader.match;
    reader.match = () => Promise.reject(new Error('broken in a secret place'));
    const before = lines.text.length;
    for (let n = 0; n < 20; n++) {
      const answer = await fetch(`${host.url}/api/matches/some-${n}`);
      expect([answer.status, await answer.text()]).toEqual([503, expect.not.stringContaining('secret')]);
    }
    reader.match = match;
    const said = lines.text.slice(before).filter((line) => line.includes('could not be answered'));
    expect([said.length, said.join('').length < 500]).toEqual([1, true]);
  });

  it('explains itself to those who know the secret, whatever they say of where they come from', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${host.url}/livescore/explain/m`, { headers });
    for (const headers of [
      {},
      { 'x-forwarded-for': '127.0.0.1' },
      { host: 'localhost' },
      { 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' },
      { 'x-internal-secret': '' },
      { 'x-internal-secret': 'Whistle' },
    ] as Record<string, string>[]) {
      expect((await ask(headers)).status).toBe(404);
    }
    expect((await ask({ 'x-internal-secret': 'whistle' })).status).toBe(200);
  });

  it('cuts off who begins a request and does not end it', () => {
    expect(host.app.getHttpServer()).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  });

  it('stands headers without end, halves of requests, and noise', async () => {
    const screen = await WsTestClient.connect(`ws://${address}/ws`);
    const [name, port] = address.split(':');
    const noise = [
      upgradeRequest('/ws', { headers: `X: ${'a'.repeat(100_000)}\r\n` }),
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgr',
      '\x16\x03\x01\x02\x00\x01\x00',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      upgradeRequest('/ws', { headers: 'Sec-WebSocket-Protocol: ,,,\r\n' }),
      upgradeRequest(`/ws?${'x'.repeat(10_000)}`),
      `CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n`,
    ];
    const sockets = noise.map((bytes) => {
      const socket = connect(Number(port), name);
      socket.on('error', () => undefined).on('connect', () => socket.write(bytes));
      return socket;
    });
    const raw = await RawSocket.connect(address, upgradeRequest('/ws', { upgrade: 'h2c' }));
    await eventually(() => raw.ended, { what: 'the answer' });
    screen.send({ type: 'PING' });
    await screen.next('PONG');
    await screen.close();
    raw.destroy();
    for (const socket of sockets) socket.destroy();
    await eventually(
      async () => {
        const { clients, sockets } = (await (await fetch(`${host.url}/health`)).json()) as Liveness;
        return clients === 0 && sockets?.taken === 0 && sockets.refused > 0;
      },
      { what: 'health to say that nobody is left, and that some were refused' },
    );
  });
});
