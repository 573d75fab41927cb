import type { ClientMessage, SubscribeMessage } from '../../src/broadcast/ports/match-frames.js';
import { createLiveClient, type LiveClient, type LiveClientOptions, type LiveEvents } from '../../src/client/index.js';
import { FakePage } from './fake-page.js';
import { FakeTimers } from './fake-timers.js';
import { type FakeWebSocket, fakeWebSockets } from './fake-web-socket.js';

export const WELCOME = { type: 'WELCOME', protocol: 2, pingIntervalMs: 15_000, timestamp: 1_768_666_800_000 };

const NAMES = ['goal', 'score', 'state', 'clock', 'prediction', 'connection', 'gap', 'error'] as const;

export interface Heard<Name extends keyof LiveEvents = keyof LiveEvents> {
  readonly name: Name;
  readonly payload: LiveEvents[Name];
}

/** A client on fake sockets, timers and page, with everything that it told. */
export class ClientUnderTest {
  readonly timers = new FakeTimers();
  readonly page = new FakePage();
  readonly sockets: FakeWebSocket[];
  readonly client: LiveClient;
  readonly heard: Heard[] = [];

  constructor(options: Partial<LiveClientOptions> = {}) {
    const { WebSocket, sockets } = fakeWebSockets();
    this.sockets = sockets;
    this.client = createLiveClient({
      url: 'wss://host.test/ws',
      WebSocket,
      select: { matches: ['m1'] },
      timers: this.timers,
      now: () => this.timers.nowMs,
      random: () => 0,
      page: this.page,
      ...options,
    });
    for (const name of NAMES) this.client.on(name, (payload) => this.heard.push({ name, payload }));
  }

  /** The newest connection. */
  get socket(): FakeWebSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('The client has not connected yet');
    return socket;
  }

  /** What was told under that name. */
  told<Name extends keyof LiveEvents>(name: Name): LiveEvents[Name][] {
    return this.heard.filter((one): one is Heard<Name> => one.name === name).map(({ payload }) => payload);
  }

  /** The SUBSCRIBE messages of the newest connection. */
  get asked(): SubscribeMessage[] {
    return this.socket.messages.filter((one: ClientMessage): one is SubscribeMessage => one.type === 'SUBSCRIBE');
  }

  /** The id of the newest question. */
  get lastId(): string | undefined {
    return this.asked.at(-1)?.id;
  }

  /** Starts, and is welcomed. */
  open(): void {
    this.client.start();
    this.socket.tell(WELCOME);
  }

  /** The connection is lost; the next one is made and welcomed. */
  reconnect(code?: number): void {
    this.socket.end(code);
    this.timers.advance(this.timers.nextMs);
    this.socket.tell(WELCOME);
  }
}
