import type { Duplex } from 'node:stream';
import type { Scheduler } from '../../../kernel/scheduler.js';

/** What the last bytes get to leave. */
const DEADLINE_MS = 1_000;
/** So many may be told why; those beyond are dropped. */
const MOST_AT_ONCE = 100;

/**
 * The way out of sockets that Node has let go of: one whose last bytes are written is destroyed, whatever its client
 * does with its half of the connection, and after a second in any case.
 */
export class SocketExits {
  private readonly leaving = new Set<Duplex>();

  constructor(private readonly scheduler: Scheduler) {}

  /** How many are on their way out. */
  get size(): number {
    return this.leaving.size;
  }

  /** Writes the last bytes and closes the connection. */
  leave(socket: Duplex, lastBytes = ''): void {
    if (this.leaving.size >= MOST_AT_ONCE) socket.destroy();
    if (socket.destroyed) return;
    this.expect(socket);
    socket.once('finish', () => socket.destroy());
    socket.end(lastBytes);
    if (socket.writableFinished) socket.destroy();
  }

  /** Answers an upgrade with an HTTP status and closes the connection. */
  refuse(socket: Duplex, status: string, retryAfterS?: number): void {
    socket.on('error', () => socket.destroy());
    const hint = retryAfterS === undefined ? '' : `Retry-After: ${retryAfterS}\r\n`;
    this.leave(socket, `HTTP/1.1 ${status}\r\n${hint}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  /** Expects somebody else to close the connection; the deadline holds all the same. */
  expect(socket: Duplex, deadlineMs = DEADLINE_MS): void {
    if (socket.destroyed || this.leaving.has(socket)) return;
    this.leaving.add(socket);
    const cancel = this.scheduler.after(deadlineMs, () => socket.destroy());
    socket.once('close', () => {
      cancel();
      this.leaving.delete(socket);
    });
  }

  /** The application ends: nobody waits for them any longer. */
  close(): void {
    for (const socket of this.leaving) socket.destroy();
  }
}
