import type { Selection } from '../broadcast/ports/match-frames.js';

/** The client uses this part of a WebSocket. Browsers, Node from 22 on and the package `ws` have one. */
export interface WebSocketLike {
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** The constructor makes the WebSocket that the client uses. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/** The client uses this part of a timer service. */
export interface Timers {
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: never): void;
}

interface EventSource {
  addEventListener(event: string, listener: () => void): void;
  removeEventListener(event: string, listener: () => void): void;
}

/** The client listens to this part of a page; in Node there is none. */
export interface Page extends Partial<EventSource> {
  readonly document?: EventSource & { readonly hidden: boolean };
}

/** These options configure a live client. */
export interface LiveClientOptions {
  /** Address of the endpoint, as `wss://example.org/ws`. */
  readonly url: string;
  /** What is followed from the start. @default nothing, until `subscribe` */
  readonly select?: Selection;
  /** @default the global one; in Node 20 give the class of the package `ws` */
  readonly WebSocket?: WebSocketConstructor;
  /**
   * Says who the client is. A function is asked before the first connection, and again when the server refused the token or
   * the connection. @default anonymous
   */
  readonly token?: string | (() => string | Promise<string>);
  /** After an interruption every missed change is asked for, so that its goals are told, with `late`. @default false */
  readonly replay?: boolean;
  /** @default Math.random */
  readonly random?: () => number;
  /** Unix ms. @default Date.now */
  readonly now?: () => number;
  /** @default the global ones */
  readonly timers?: Timers;
  /** @default the global one */
  readonly page?: Page;
}
