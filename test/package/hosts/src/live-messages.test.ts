import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { LiveScoreModule, type LiveScoreOptions } from '@goalgpt/livescore';
import type { LiveClient } from '@goalgpt/livescore/broadcast';
import { type CanActivate, type ExecutionContext, type INestApplication, Injectable, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WsException } from '@nestjs/websockets';

@Injectable()
class Tenants {
  readonly known = ['a', 'banned'];
}

/** Of the host's own, with a dependency; it answers as guards of WebSocket gateways do. */
@Injectable()
class TenantGuard implements CanActivate {
  constructor(private readonly tenants: Tenants) {}

  canActivate(context: ExecutionContext): boolean {
    const tenant = String(context.switchToWs().getClient<LiveClient>().facts.headers['x-tenant']);
    if (tenant === 'banned') throw new WsException({ code: 'UNAUTHORIZED', message: 'banned' });
    return this.tenants.known.includes(tenant);
  }
}

/** A global guard as most hosts have one: it knows of HTTP only. */
@Injectable()
class HttpOnlyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<IncomingMessage>().headers['x-key'] === 'key';
  }
}

let app: INestApplication | undefined;

async function start(broadcast: LiveScoreOptions['broadcast']): Promise<number> {
  @Module({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL }),
      LiveScoreModule.forRoot({ lease: { enabled: false }, broadcast }),
    ],
    providers: [Tenants, TenantGuard, { provide: APP_GUARD, useClass: HttpOnlyGuard }],
  })
  class LiveHostModule {}
  const built = await Test.createTestingModule({ imports: [LiveHostModule] }).compile();
  app = built.createNestApplication();
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer().address() as AddressInfo).port;
}

/** A text frame of at most 125 bytes, with a mask of zeros. */
function frame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Sends one message of protocol 2, without a WebSocket library. @returns type and code of the answer */
async function answerTo(port: number, tenant: string): Promise<string> {
  const request = get({
    port,
    host: '127.0.0.1',
    path: '/ws?protocol=2',
    headers: {
      'X-Tenant': tenant,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  const [, socket, head] = (await once(request, 'upgrade')) as [IncomingMessage, Socket, Buffer];
  let received = head.toString();
  socket.on('data', (chunk: Buffer) => (received += chunk));
  socket.write(frame({ type: 'UNSUBSCRIBE', matches: ['m1'], id: 'first' }));
  const deadlineMs = Date.now() + 5_000;
  for (;;) {
    const answer = /\{"type":"(UNSUBSCRIBED|ERROR)"[^}]*\}/.exec(received)?.[0];
    if (answer) {
      socket.destroy();
      const { type, code = '', id } = JSON.parse(answer) as { type: string; code?: string; id?: string };
      expect(id).toBe('first');
      return `${type} ${code}`.trim();
    }
    if (Date.now() > deadlineMs) throw new Error(`no answer: ${received}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('messages of protocol 2', () => {
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('run through the guards that the host names, and not through its global ones', async () => {
    const port = await start({ enhancers: { guards: [TenantGuard] } });
    expect(await answerTo(port, 'a')).toBe('UNSUBSCRIBED');
    expect(await answerTo(port, 'b')).toBe('ERROR FORBIDDEN');
    expect(await answerTo(port, 'banned')).toBe('ERROR UNAUTHORIZED');
  });

  it('run through its global ones when the host says so', async () => {
    const port = await start({ enhancers: { guards: [TenantGuard] }, globalEnhancers: true });
    expect(await answerTo(port, 'a')).toBe('ERROR INTERNAL');
  });

  it('run through nothing when the host names nothing', async () => {
    const port = await start({});
    expect(await answerTo(port, 'b')).toBe('UNSUBSCRIBED');
  });
});
