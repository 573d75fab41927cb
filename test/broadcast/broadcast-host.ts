import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication, Module, type Type } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import type { BroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import { Scheduler, SystemScheduler } from '../../src/kernel/scheduler.js';

export type Platform = 'express' | 'fastify';
export type HostAdapter = 'none' | 'ws' | 'socket.io';

@Controller()
class PageController {
  @Get('page')
  page(): string {
    return 'page';
  }

  /** Answers later than any test waits. */
  @Get('slow')
  slow(): Promise<string> {
    return new Promise((resolve) => setTimeout(() => resolve('slow'), 120_000).unref());
  }

  /** More than a connection holds that nobody reads from. */
  @Get('endless')
  endless(): string {
    return 'x'.repeat(32_000_000);
  }
}

@WebSocketGateway({ path: '/other' })
class OtherWsGateway {
  @SubscribeMessage('echo')
  echo(_client: unknown, text: string): { event: string; data: string } {
    return { event: 'echo', data: text };
  }
}

@WebSocketGateway()
class OtherIoGateway {
  @SubscribeMessage('echo')
  echo(_client: unknown, text: string): { event: string; data: string } {
    return { event: 'echo', data: text };
  }
}

const GATEWAYS: Record<HostAdapter, Type[]> = { none: [], ws: [OtherWsGateway], 'socket.io': [OtherIoGateway] };

export interface RunningHost {
  readonly app: INestApplication;
  /** 127.0.0.1:port */
  readonly address: string;
}

/**
 * A host with the broadcast module, a page, and a WebSocket endpoint of its own when it has an adapter.
 * @param scheduler of the module
 */
export async function startHost(
  platform: Platform = 'express',
  adapter: HostAdapter = 'none',
  options: BroadcastOptions = {},
  scheduler: Scheduler = new SystemScheduler(),
): Promise<RunningHost> {
  @Module({
    imports: [BroadcastModule.forRoot(options)],
    controllers: [PageController],
    providers: GATEWAYS[adapter],
  })
  class HostModule {}
  const built = await Test.createTestingModule({ imports: [HostModule] })
    .overrideProvider(Scheduler)
    .useValue(scheduler)
    .compile();
  const app = built.createNestApplication(platform === 'express' ? new ExpressAdapter() : new FastifyAdapter(), {
    logger: false,
  });
  if (adapter === 'ws') app.useWebSocketAdapter(new WsAdapter(app));
  if (adapter === 'socket.io') app.useWebSocketAdapter(new IoAdapter(app));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, address: `127.0.0.1:${port}` };
}
