import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
import type { SocketExits } from './socket-exits.js';

/** So many are answered at once; Node counts none of them. */
const MOST_AT_ONCE = 500;
/** A connection on which nothing moves ends, as an answer that nobody takes does. */
const IDLE_MS = 30_000;
/** What a client may send behind its request, which is thrown away. */
const MOST_UNREAD_BYTES = 65_536;
/** What answers get when the host closes its server, which waits for these sockets, too. */
const LAST_WORDS_MS = 500;

/**
 * Plain requests asked for an upgrade that nobody wants: they go back to the host's request handlers, which answer as they
 * do where no upgrade listener exists. Node has let go of such a socket: no limit of Node holds, and a body cannot be read any
 * more. So a request with a body is refused, and every socket has bounds of its own and an end.
 */
export class PlainRequests {
  private readonly sockets = new Set<Socket>();
  private readonly lastWords: Timer;
  private closing = false;

  constructor(
    scheduler: Scheduler,
    private readonly exits: SocketExits,
  ) {
    this.lastWords = new Timer(scheduler);
  }

  answer(server: Server, request: IncomingMessage, socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.closing || this.sockets.size >= MOST_AT_ONCE) this.exits.refuse(socket, '503 Service Unavailable');
    else if (hasBody(request)) this.exits.refuse(socket, '400 Bad Request');
    else this.handOver(server, request, socket);
  }

  /** The host closes its server. */
  close(): void {
    if (this.closing) return;
    this.closing = true;
    if (this.sockets.size > 0) this.lastWords.set(LAST_WORDS_MS, () => this.end());
  }

  /** The application is at its end. */
  end(): void {
    this.closing = true;
    this.lastWords.stop();
    for (const socket of this.sockets) socket.destroy();
  }

  private handOver(server: Server, request: IncomingMessage, socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    this.throwAway(socket);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => {
      response.detachSocket(socket);
      this.exits.leave(socket);
    });
    server.emit('request', request, response);
  }

  /** Reads on, for otherwise nobody learns that the client is gone. */
  private throwAway(socket: Socket): void {
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_UNREAD_BYTES) socket.destroy();
    });
    socket.once('end', () => this.exits.expect(socket));
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
}
