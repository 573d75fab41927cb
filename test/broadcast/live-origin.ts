import type { AddressInfo } from 'node:net';
import type { CanActivate, INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LiveReaders } from '../../src/broadcast/adapters/http/live-readers.js';
import { BroadcastModule } from '../../src/broadcast/broadcast.module.js';
import type { BroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import { BroadcastFeed } from '../../src/broadcast/broadcast-feed.js';
import { BoardStore } from '../../src/broadcast/ports/board-store.js';
import type { Told } from '../../src/broadcast/ports/told.js';
import { Clock } from '../../src/kernel/clock.js';

export interface OriginOptions {
  readonly platform?: 'express' | 'fastify';
  readonly broadcast?: BroadcastOptions;
  /** what the board is loaded from; without it the process knows what it is told */
  readonly store?: BoardStore;
  /** wall clock, of which the turns are made. @default the system's */
  readonly clock?: Clock;
  readonly prefix?: string;
  readonly guard?: CanActivate;
  readonly port?: number;
  /** called for every request, before anything else */
  readonly onRequest?: (url: string) => void;
}

/** An instance that serves `/live`, and hears of commits from whoever holds it. */
export class LiveOrigin {
  private constructor(
    readonly app: INestApplication,
    /** http://127.0.0.1:port */
    readonly url: string,
  ) {}

  static async start(options: OriginOptions = {}): Promise<LiveOrigin> {
    const { platform = 'express', broadcast = {}, prefix, guard, port = 0, onRequest } = options;
    const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
    const building = Test.createTestingModule({
      imports: [BroadcastModule.forRoot({ ...broadcast, liveRoutes: true })],
    });
    if (options.store) building.overrideProvider(BoardStore).useValue(options.store);
    if (options.clock) building.overrideProvider(Clock).useValue(options.clock);
    const app = (await building.compile()).createNestApplication(adapter as ExpressAdapter, { logger: false });
    if (prefix) app.setGlobalPrefix(prefix);
    if (guard) app.useGlobalGuards(guard);
    const server = app.getHttpServer();
    if (onRequest) server.on('request', ({ url }: { url: string }) => onRequest(url));
    await app.listen(port, '127.0.0.1');
    return new LiveOrigin(app, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** Requests that are not answered yet. */
  get readers(): number {
    return this.app.get(LiveReaders).count;
  }

  tell(...told: readonly Told[]): void {
    this.app.get(BroadcastFeed).deliver(told, 'bus');
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
