import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type Logger, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LegacyBroadcastPort } from '../../ports/legacy-broadcast.js';

/** The HTTP server of the host carries the endpoint, unless the host's own broadcaster is bound. */
@Injectable()
export class EndpointServer {
  constructor(
    private readonly host: HttpAdapterHost,
    @Optional() private readonly broadcaster?: LegacyBroadcastPort,
  ) {}

  /** Null: there is no endpoint, and the log tells why. */
  find(path: string, logger: Logger): Server | null {
    if (this.broadcaster) {
      logger.log("No WebSocket endpoint: the host's broadcaster is bound", { path });
      return null;
    }
    const server: Server | undefined = this.host.httpAdapter?.getHttpServer();
    if (!server) logger.warn('No WebSocket endpoint: the application has no HTTP server', { path });
    return server ?? null;
  }

  /**
   * Takes a socket out of the list that Nest's Express adapter keeps with `forceCloseConnections`: it would destroy the socket before
   * the server closes, so that its client heard no goodbye. Who takes the socket ends it. Fastify and Node leave upgraded sockets alone.
   */
  spareForcedClose(socket: Duplex): void {
    const { openConnections } = (this.host.httpAdapter ?? {}) as { readonly openConnections?: unknown };
    if (openConnections instanceof Set) openConnections.delete(socket);
  }
}
