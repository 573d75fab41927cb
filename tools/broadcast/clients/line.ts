import { WebSocket } from 'ws';
import type { SeededRandom } from '../../../test/support/seeded-random.js';

const HANDSHAKE_TIMEOUT_MS = 5_000;
const RETRY_MS = { least: 30, spread: 250 };
/**
 * A server says something at least every 15 s: what is silent for longer is gone, whatever the socket says. So ends one that read
 * nothing until it was cut off: its system may never have heard of it.
 */
const SILENT_MS = 22_000;

/** Where a client may connect now. */
export interface Addresses {
  /** `ws://127.0.0.1:PORT` of each host that takes clients */
  readonly open: readonly string[];
}

export interface LineListener {
  opened(url: string): void;
  heard(text: string): void;
  closed(code: number): void;
}

/** A connection that is made again whenever it breaks, to any host that takes clients. */
export class Line {
  private socket: WebSocket | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isEnded = false;
  private lastHeardMs = 0;
  private retryAfterMs: number | null = null;
  /** where it is or was connected last */
  url = '';
  /** reads nothing now */
  isPaused = false;
  connections = 0;

  constructor(
    /** with its query */
    private readonly path: string,
    private readonly addresses: Addresses,
    private readonly random: SeededRandom,
    private readonly listener: LineListener,
  ) {}

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && !this.isPaused;
  }

  connect(): void {
    if (this.isEnded) return;
    if (this.addresses.open.length === 0) {
      this.retry();
      return;
    }
    this.url = this.random.pick(this.addresses.open);
    const socket = new WebSocket(`${this.url}${this.path}`, {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      perMessageDeflate: false,
    });
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('open', () => {
      this.connections += 1;
      this.lastHeardMs = performance.now();
      this.listener.opened(this.url);
    });
    socket.on('message', (data) => {
      this.lastHeardMs = performance.now();
      this.listener.heard(String(data));
    });
    socket.on('close', (code) => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.isPaused = false;
      this.listener.closed(code);
      this.retry();
    });
  }

  send(message: unknown): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** The server said when to come back. */
  comeBackAfter(ms: number): void {
    this.retryAfterMs = ms;
  }

  /** Breaks it, with or without a word. */
  cut({ politely }: { readonly politely: boolean }): void {
    if (politely) this.socket?.close(1000);
    else this.socket?.terminate();
  }

  pause(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.isPaused = true;
    this.socket.pause();
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.lastHeardMs = performance.now();
    this.socket?.resume();
  }

  /** Gives up a connection that has been silent for longer than any server is. */
  cutWhenSilent(): void {
    if (this.isOpen && performance.now() - this.lastHeardMs > SILENT_MS) this.socket?.terminate();
  }

  end(): void {
    this.isEnded = true;
    if (this.timer) clearTimeout(this.timer);
    this.socket?.terminate();
  }

  private retry(): void {
    if (this.isEnded) return;
    const waitMs = (this.retryAfterMs ?? 0) + RETRY_MS.least + this.random.below(RETRY_MS.spread);
    this.retryAfterMs = null;
    this.timer = setTimeout(() => this.connect(), waitMs);
  }
}
