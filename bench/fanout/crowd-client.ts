import { connect, type Socket } from 'node:net';
import { FrameCounter } from './frame-counter.js';
import { ENGINE_PONG, MASKED_PONG, maskedText } from './masked-frame.js';
import { sharedNowMs } from './shared-clock.js';

/** How clients come to a server. */
export interface Door {
  readonly port: number;
  /** with query */
  readonly path: string;
  /** sent after the upgrade, each one text frame */
  readonly hello: readonly string[];
  /** frames the server greets with before a client is there, however long */
  readonly greetings: number;
}

export interface ClientEvents {
  /** the greetings are complete */
  welcomed(client: CrowdClient): void;
  /** long frames came */
  arrived(client: CrowdClient, count: number, atMs: number): void;
  closed(client: CrowdClient, reason: string): void;
}

/** Shorter frames are the server's own affair: greetings, pings. */
export const LONG_BYTES = 150;
const HEAD_END = '\r\n\r\n';
const READ_BYTES = 65_536;
/** One for all: a read is done with before the next one begins. */
const buffer = Buffer.allocUnsafe(READ_BYTES);

/** A WebSocket client that costs little: it counts frames by their headers, answers pings, and parses nothing. */
export class CrowdClient {
  readonly frames = new FrameCounter(LONG_BYTES);
  private readonly socket: Socket;
  private head: string | null = '';
  private isWelcomed = false;
  private pongs = 0;
  private enginePongs = 0;

  constructor(
    readonly index: number,
    private readonly door: Door,
    private readonly events: ClientEvents,
    localAddress = '127.0.0.1',
  ) {
    const onread = { buffer, callback: (length: number) => this.read(length) };
    this.socket = connect({ host: '127.0.0.1', port: door.port, localAddress, noDelay: true, onread });
    this.socket.once('connect', () => this.socket.write(upgradeRequest(door)));
    this.socket.on('error', (error) => events.closed(this, error.message));
    this.socket.once('close', () => events.closed(this, 'closed'));
  }

  send(frame: Uint8Array): void {
    this.socket.write(frame);
  }

  cut(): void {
    this.socket.destroy();
  }

  private read(length: number): boolean {
    const from = this.head === null ? 0 : this.readHead(length);
    const before = this.frames.long;
    this.frames.scan(buffer, length, from);
    const arrived = this.frames.long - before;
    if (this.isWelcomed && arrived > 0) this.events.arrived(this, arrived, sharedNowMs());
    this.answerPings();
    if (!this.isWelcomed) this.greet();
    return true;
  }

  /** @returns where the frames begin */
  private readHead(length: number): number {
    const known = this.head?.length ?? 0;
    this.head += buffer.toString('latin1', 0, length);
    const end = this.head?.indexOf(HEAD_END) ?? -1;
    if (end < 0) return length;
    const status = this.head?.slice(0, 12);
    this.head = null;
    if (status !== 'HTTP/1.1 101') {
      this.events.closed(this, `answered ${status}`);
      this.cut();
      return length;
    }
    for (const text of this.door.hello) this.send(maskedText(text));
    return end + HEAD_END.length - known;
  }

  private greet(): void {
    if (this.head !== null || this.frames.long + this.frames.short < this.door.greetings) return;
    this.isWelcomed = true;
    this.events.welcomed(this);
  }

  private answerPings(): void {
    for (; this.pongs < this.frames.pings; this.pongs++) this.send(MASKED_PONG);
    for (; this.enginePongs < this.frames.enginePings; this.enginePongs++) this.send(ENGINE_PONG);
  }
}

function upgradeRequest({ port, path }: Door): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `${HEAD_END.slice(0, 2)}`,
  ].join('\r\n');
}
