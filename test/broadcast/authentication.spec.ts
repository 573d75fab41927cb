import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  type ExecutionContext,
  Global,
  type INestApplication,
  Injectable,
  Module,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WebSocket } from 'ws';
import { BroadcastGateway } from '../../src/broadcast/adapters/ws/broadcast.gateway.js';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import type { BroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import { ClientAuthenticator, type ClientIdentity } from '../../src/broadcast/ports/client-authenticator.js';
import type { LiveClient } from '../../src/broadcast/ports/live-client.js';
import { Clock } from '../../src/kernel/clock.js';
import { FakeClock } from '../../src/testing/index.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { withoutHeartbeats } from '../support/without-heartbeats.js';
import { WsTestClient } from '../support/ws-client.js';

guardAgainstLeaks();

/** `<subject>` or `<subject>.<milliseconds from now to its end>`; `wrong` is nobody's. */
@Injectable()
class PlainTokens extends ClientAuthenticator {
  constructor(private readonly clock: Clock) {
    super();
  }

  override async authenticate(token: string): Promise<ClientIdentity | null> {
    const [subject = '', lasts] = token.split('.');
    if (subject === 'wrong') return null;
    return { subject, claims: {}, expiresAtMs: lasts === undefined ? null : this.clock.nowMs() + Number(lasts) };
  }
}

@Global()
@Module({ providers: [{ provide: ClientAuthenticator, useClass: PlainTokens }], exports: [ClientAuthenticator] })
class TokensModule {}

@Injectable()
class KnownOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const ws = context.switchToWs();
    return ws.getPattern() === 'AUTHENTICATE' || ws.getClient<LiveClient>().identity.subject !== null;
  }
}

let app: INestApplication | undefined;
const clients: WsTestClient[] = [];

interface Started {
  readonly url: string;
  readonly gateway: BroadcastGateway;
  /** stands still until it is told otherwise */
  readonly clock: FakeClock;
}

async function start(options: BroadcastOptions = {}): Promise<Started> {
  @Module({ imports: [TokensModule, BroadcastModule.forRoot({ closeTimeoutMs: 200, ...options })] })
  class HostModule {}
  const clock = new FakeClock(Date.now());
  const built = await Test.createTestingModule({ imports: [HostModule] })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  app = built.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/ws?protocol=2`, gateway: app.get(BroadcastGateway), clock };
}

async function connect(url: string): Promise<WsTestClient> {
  const client = await WsTestClient.connect(url);
  clients.push(client);
  return client;
}

/** The status of a refused upgrade. */
function refusal(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on('open', () => reject(new Error('it was not refused')));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
}

async function answer(client: WsTestClient, message: object): Promise<Record<string, unknown>> {
  const told = () => withoutHeartbeats(client.frames);
  const before = told().length;
  client.socket.send(JSON.stringify(message));
  await eventually(() => told().length > before, { what: 'an answer' });
  return told()[before] ?? {};
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await app?.close();
  app = undefined;
});

describe('a token', () => {
  it('lets a client in or not, before it is one', async () => {
    const { url, gateway } = await start({ anonymous: false });
    await connect(`${url}&token=ann`);
    expect(await refusal(`${url}&token=wrong`)).toBe(401);
    expect(await refusal(url)).toBe(401);
    expect(gateway.counts()).toMatchObject({ activeConnections: 1, totalConnections: 1, refusedConnections: 2 });
  });

  it('may come later, and guards see whose it is from then on', async () => {
    const { url } = await start({ enhancers: { guards: [KnownOnly] } });
    const client = await connect(url);
    const leave = { type: 'UNSUBSCRIBE', id: 'u' };
    expect(await answer(client, leave)).toMatchObject({ type: 'ERROR', code: 'FORBIDDEN', id: 'u' });
    const wrong = { type: 'AUTHENTICATE', token: 'wrong', id: 'w' };
    expect(await answer(client, wrong)).toMatchObject({ type: 'ERROR', code: 'UNAUTHORIZED', id: 'w' });
    const known = { type: 'AUTHENTICATE', token: 'ann', id: 'a' };
    expect(await answer(client, known)).toMatchObject({ type: 'AUTHENTICATED', id: 'a' });
    expect(await answer(client, leave)).toMatchObject({ type: 'UNSUBSCRIBED', id: 'u' });
  });

  it('that expires ends the connection with a code that means: come back with another', async () => {
    const { url, gateway, clock } = await start();
    const client = await connect(`${url}&token=ann.300`);
    clock.advance(2_000);
    await eventually(() => client.closeCode !== undefined, { what: 'the end' });
    expect(client.closeCode).toBe(4401);
    expect(withoutHeartbeats(client.frames).slice(-2)).toMatchObject([
      { type: 'ERROR', code: 'TOKEN_EXPIRED' },
      { type: 'GOODBYE', reason: 'expired' },
    ]);
    await eventually(() => gateway.counts().takenSockets === 0, { what: 'the place' });
  });

  it('that is renewed in time ends nothing', async () => {
    const { url, clock } = await start();
    const renewed = await connect(`${url}&token=ann.300`);
    const ended = await connect(`${url}&token=bob.300`);
    const frame = await answer(renewed, { type: 'AUTHENTICATE', token: 'ann.600000' });
    expect(frame.expiresAt).toBe(clock.nowMs() + 600_000);
    clock.advance(2_000);
    await eventually(() => ended.closeCode === 4401, { what: 'the end of the other one' });
    expect(renewed.closeCode).toBeUndefined();
    expect(await answer(renewed, { type: 'UNSUBSCRIBE' })).toMatchObject({ type: 'UNSUBSCRIBED' });
  });
});
