import { EventEmitter } from 'node:events';
import type { AdmittedClient } from '../../src/broadcast/adapters/ws/admitted-client.js';
import { type ClientKind, WsClient } from '../../src/broadcast/adapters/ws/ws-client.js';

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** A socket whose other end reads at once, or only when told to. What it was written is taken apart as a client does. */
class FakeSocket {
  isReading = true;
  /** buffers of each write that was not empty */
  readonly writes: Buffer[] = [];
  readonly frames: Frame[] = [];
  pings = 0;
  private waiting: { readonly data: Buffer; readonly done?: () => void }[] = [];

  get writableLength(): number {
    return this.waiting.reduce((sum, { data }) => sum + data.length, 0);
  }

  write(data: Buffer, done?: () => void): boolean {
    if (data.length > 0) this.writes.push(data);
    this.waiting.push(done ? { data, done } : { data });
    if (this.isReading) this.read();
    return true;
  }

  /** The other end takes all that was written; what is written because of that waits again, unless it reads. */
  read(): void {
    const taken = this.waiting;
    this.waiting = [];
    for (const { data } of taken) this.takeApart(data);
    for (const { done } of taken) done?.();
  }

  private takeApart(data: Buffer): void {
    for (let at = 0; at < data.length; ) {
      const short = (data[at + 1] ?? 0) & 0x7f;
      const header = short === 126 ? 4 : short === 127 ? 10 : 2;
      const length = header === 4 ? data.readUInt16BE(at + 2) : header === 10 ? data.readUInt32BE(at + 6) : short;
      const payload = data.subarray(at + header, at + header + length);
      if (data[at] === 0x89) this.pings += 1;
      else this.frames.push(JSON.parse(payload.toString()));
      at += header + length;
    }
  }
}

class FakeWebSocket extends EventEmitter {
  readyState = OPEN;
  closed: { readonly code: number; readonly reason: string } | null = null;
  terminated = false;

  /** Its client answers by `gone`. */
  close(code: number, reason: string): void {
    if (this.readyState !== OPEN) return;
    this.readyState = CLOSING;
    this.closed = { code, reason };
  }

  terminate(): void {
    if (this.readyState === CLOSED || this.terminated) return;
    this.terminated = true;
    this.readyState = CLOSING;
    queueMicrotask(() => this.gone());
  }

  gone(): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.emit('close');
  }
}

/** A client without a network. */
export class FakeWsClient {
  readonly socket = new FakeSocket();
  readonly ws = new FakeWebSocket();
  readonly client: WsClient;

  constructor(id: string, kind: ClientKind) {
    const identity = { subject: null, claims: {}, expiresAtMs: null };
    const facts = { headers: {}, url: '/ws', address: '127.0.0.1' };
    const admitted = { ws: this.ws, socket: this.socket, identity, facts, protocol2: kind === 'live' };
    this.client = new WsClient(id, admitted as unknown as AdmittedClient, kind);
  }

  get frames(): readonly Frame[] {
    return this.socket.frames;
  }

  ofType(type: string): readonly Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }
}
