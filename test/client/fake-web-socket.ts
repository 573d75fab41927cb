import type { ClientMessage, ServerFrame } from '../../src/broadcast/ports/match-frames.js';
import type { WebSocketConstructor, WebSocketLike } from '../../src/client/index.js';

/** One connection of a client, as its server sees it. */
export class FakeWebSocket implements WebSocketLike {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  /** null: open */
  closedWith: number | null = null;
  readonly texts: string[] = [];

  constructor(
    readonly url: string,
    readonly protocols: readonly string[] = [],
  ) {}

  get messages(): ClientMessage[] {
    return this.texts.map((text) => JSON.parse(text));
  }

  send(text: string): void {
    if (this.closedWith === null) this.texts.push(text);
  }

  /** The client closes. */
  close(code = 1005): void {
    this.closedWith ??= code;
  }

  /** The server sends. */
  tell(...frames: readonly (ServerFrame | object | string)[]): void {
    for (const frame of frames) {
      const data = typeof frame === 'string' ? frame : JSON.stringify(frame);
      this.onmessage?.({ data });
    }
  }

  /** The connection ends, or never began. */
  end(code = 1006): void {
    this.closedWith ??= code;
    this.onerror?.({});
    this.onclose?.({ code });
  }
}

/** A constructor of sockets that keeps those it made, the newest last. */
export function fakeWebSockets(): { readonly WebSocket: WebSocketConstructor; readonly sockets: FakeWebSocket[] } {
  const sockets: FakeWebSocket[] = [];
  class Kept extends FakeWebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  return { WebSocket: Kept, sockets };
}
