import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { LiveScoreMetrics } from '../../../kernel/livescore-metrics.js';

interface Client {
  readonly socket: Duplex;
  /** it ticks by itself: minutes are not sent to it */
  readonly ticks: boolean;
  /** pings since the client last said anything */
  unansweredPings: number;
}

const TEXT = { binary: false, compress: false } as const;
const MAX_UNANSWERED_PINGS = 2;
/** Once all together left too much unread, they are brought down to this share of it: not one is cut off at every frame. */
const SHARE_AFTER_RELIEF = 0.75;
/** Why a server says goodbye, as the protocol numbers it. */
export const GOING_AWAY = { code: 1001, reason: 'server is going away' } as const;
export const TRY_AGAIN = { code: 1013, reason: 'another process serves now, come back' } as const;

/** The connected WebSocket clients of one gateway: sends to all, and cuts off those that do not read or answer. */
export class WsClients {
  private readonly clients = new Map<WebSocket, Client>();
  private ticking = 0;
  total = 0;
  disconnected = 0;
  slow = 0;
  dead = 0;

  /** what all together left unread when it was last added up, and what was sent since */
  private buffered = 0;

  constructor(
    private readonly maxBufferedBytes: number,
    private readonly maxBufferedBytesTotal: number,
    private readonly metrics: Pick<LiveScoreMetrics, 'webSocketsCutOff'>,
  ) {}

  /** Is anybody connected who ticks by itself? */
  get anyTicks(): boolean {
    return this.ticking > 0;
  }

  get size(): number {
    return this.clients.size;
  }

  /** of the client that has the most */
  get mostUnreadBytes(): number {
    let most = 0;
    for (const ws of this.clients.keys()) most = Math.max(most, ws.bufferedAmount);
    return most;
  }

  /** @param ticks the client asked for clocks instead of minutes */
  add(ws: WebSocket, socket: Duplex, ticks = false): void {
    const client: Client = { socket, ticks, unansweredPings: 0 };
    this.clients.set(ws, client);
    this.total += 1;
    if (ticks) this.ticking += 1;
    const alive = () => {
      client.unansweredPings = 0;
    };
    ws.on('pong', alive);
    ws.on('message', alive);
    ws.once('close', () => {
      this.clients.delete(ws);
      if (ticks) this.ticking -= 1;
      this.disconnected += 1;
    });
  }

  /**
   * Sends the messages, each one text frame, to every client.
   * @param withoutMinutes what those get of them who tick by themselves
   */
  sendToAll(messages: readonly Buffer[], withoutMinutes = messages): void {
    this.buffered = 0;
    for (const [ws, client] of this.clients) {
      this.sendTo(ws, client, client.ticks ? withoutMinutes : messages);
      this.buffered += ws.bufferedAmount;
    }
    this.relieve();
  }

  /** Sends the messages, each one text frame, to one client, unless it is gone. */
  send(ws: WebSocket, messages: readonly Buffer[]): void {
    const client = this.clients.get(ws);
    if (!client) return;
    const before = ws.bufferedAmount;
    this.sendTo(ws, client, messages);
    this.buffered += ws.bufferedAmount - before;
    this.relieve();
  }

  /** Sends a protocol ping to every client; one that answered none of the last two is cut off. */
  ping(): void {
    for (const [ws, client] of this.clients) {
      if (ws.readyState !== WebSocket.OPEN) continue;
      if (client.unansweredPings >= MAX_UNANSWERED_PINGS) {
        this.dead += 1;
        this.metrics.webSocketsCutOff.inc({ reason: 'dead' });
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
    if (ws.readyState !== WebSocket.OPEN || messages.length === 0) return;
    if (ws.bufferedAmount > this.maxBufferedBytes) {
      this.cutOffSlow(ws, 'slow');
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

  /** Where all together left too much unread, those with the most go first. */
  private relieve(): void {
    if (this.buffered <= this.maxBufferedBytesTotal) return;
    const unread = [...this.clients.keys()].map((ws) => ({ ws, bytes: ws.bufferedAmount }));
    this.buffered = unread.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.buffered <= this.maxBufferedBytesTotal) return;
    for (const { ws, bytes } of unread.sort((a, b) => b.bytes - a.bytes)) {
      if (this.buffered <= this.maxBufferedBytesTotal * SHARE_AFTER_RELIEF) break;
      this.buffered -= bytes;
      this.cutOffSlow(ws, 'slow-together');
    }
  }

  private cutOffSlow(ws: WebSocket, reason: 'slow' | 'slow-together'): void {
    this.slow += 1;
    this.metrics.webSocketsCutOff.inc({ reason });
    ws.terminate();
  }
}
