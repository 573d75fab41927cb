import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

interface Client {
  readonly socket: Duplex;
  /** pings since the client last said anything */
  unansweredPings: number;
}

const TEXT = { binary: false, compress: false } as const;
const MAX_UNANSWERED_PINGS = 2;
/** Why a server says goodbye, as the protocol numbers it. */
export const GOING_AWAY = { code: 1001, reason: 'server is going away' } as const;
export const TRY_AGAIN = { code: 1013, reason: 'another process serves now, come back' } as const;

/** The connected WebSocket clients of one gateway: sends to all, and cuts off those that do not read or answer. */
export class WsClients {
  private readonly clients = new Map<WebSocket, Client>();
  total = 0;
  disconnected = 0;
  slow = 0;
  dead = 0;

  constructor(private readonly maxBufferedBytes: number) {}

  get size(): number {
    return this.clients.size;
  }

  add(ws: WebSocket, socket: Duplex): void {
    const client: Client = { socket, unansweredPings: 0 };
    this.clients.set(ws, client);
    this.total += 1;
    const alive = () => {
      client.unansweredPings = 0;
    };
    ws.on('pong', alive);
    ws.on('message', alive);
    ws.once('close', () => {
      this.clients.delete(ws);
      this.disconnected += 1;
    });
  }

  /** Sends the messages, each one text frame, to every client. */
  sendToAll(messages: readonly Buffer[]): void {
    for (const [ws, client] of this.clients) this.sendTo(ws, client, messages);
  }

  /** Sends the messages, each one text frame, to one client, unless it is gone. */
  send(ws: WebSocket, messages: readonly Buffer[]): void {
    const client = this.clients.get(ws);
    if (client) this.sendTo(ws, client, messages);
  }

  /** Sends a protocol ping to every client; one that answered none of the last two is cut off. */
  ping(): void {
    for (const [ws, client] of this.clients) {
      if (ws.readyState !== WebSocket.OPEN) continue;
      if (client.unansweredPings >= MAX_UNANSWERED_PINGS) {
        this.dead += 1;
        ws.terminate();
        continue;
      }
      client.unansweredPings += 1;
      ws.ping();
    }
  }

  /** Says goodbye to every client and waits until all are gone; those that do not answer in time are cut off. */
  async closeAll(timeoutMs: number, { code, reason }: typeof GOING_AWAY | typeof TRY_AGAIN): Promise<void> {
    if (this.clients.size === 0) return;
    const leaving = [...this.clients.keys()];
    const gone = leaving.map(
      (ws) =>
        new Promise<void>((resolve) => {
          ws.once('close', () => resolve());
          ws.close(code, reason);
        }),
    );
    const timer = setTimeout(() => {
      for (const ws of leaving) ws.terminate();
    }, timeoutMs);
    await Promise.all(gone);
    clearTimeout(timer);
  }

  private sendTo(ws: WebSocket, { socket }: Client, messages: readonly Buffer[]): void {
    if (ws.readyState !== WebSocket.OPEN) return;
    if (ws.bufferedAmount > this.maxBufferedBytes) {
      this.slow += 1;
      ws.terminate();
      return;
    }
    if (messages.length === 1) {
      ws.send(messages[0]!, TEXT);
      return;
    }
    // one system call for all of them
    socket.cork();
    for (const message of messages) ws.send(message, TEXT);
    socket.uncork();
  }
}
