import type { ClientMessage, ServerFrame, WelcomeFrame } from '../broadcast/ports/match-frames.js';
import type { LiveClientOptions, Page, Timers, WebSocketConstructor, WebSocketLike } from './live-client.options.js';
import type { ConnectionState } from './live-events.js';
import { isHidden, listen } from './page-events.js';

const CONNECT_MS = 10_000;
const PING_MS = 25_000;
/** a server may be late with its ping by so much */
const GRACE_MS = 10_000;
/** a connection that the page comes back to must answer in this time */
const PROBE_MS = 5_000;
/** a connection that lived so long was none that fails */
const STEADY_MS = 10_000;
const LEAST_WAIT_MS = 500;
const MOST_WAIT_MS = 20_000;
const MOST_DOUBLINGS = 6;
const LONGEST_TOLD_WAIT_MS = 60_000;
const REFUSED_CODE = 4401;
/** what a subprotocol may be made of (RFC 7230, token) */
const SUBPROTOCOL = /^[\w.~+!#$%&'*^`|-]+$/;

export type Mode = Exclude<ConnectionState, 'resuming' | 'live'> | 'open';

/** Who uses a connection. */
export interface ConnectionUser {
  /** The mode is another one; `open`: messages may be sent. */
  changed(mode: Mode): void;
  frame(frame: ServerFrame): void;
  /** @param isUnexpected nobody said goodbye */
  closed(isUnexpected: boolean): void;
  failed(code: string, message: string): void;
}

/**
 * A connection comes back by itself. `stopped` -> start -> `connecting` -> WELCOME -> `open`; when it is lost, silent for
 * longer than the server said, or not made in 10 s: `waiting` -> `connecting` again, for ever. A hidden page does not
 * connect: `hidden` until it is visible. `refused`: the server does not accept who it is, and nobody has another token.
 *
 * Waits are spread over 0.5 s to a bound that doubles up to 20 s, or follow what the server said. A page that becomes
 * visible, or comes online, cuts a wait short that the server did not ask for.
 */
export class Connection {
  #mode: Mode = 'stopped';
  #socket: WebSocketLike | null = null;
  /** counts what was begun: an answer to something older is not used */
  #turn = 0;
  #failures = 0;
  #openedAtMs = 0;
  #silenceMs = 0;
  #token: string | undefined;
  /** ms that the server said to wait */
  #toldWaitMs: number | undefined;
  #isWaitFirm = false;
  /** ends the mode, or a silent connection */
  #timer: unknown;
  #pingTimer: unknown;
  readonly #page: Page;
  readonly #timers: Timers;
  readonly #now: () => number;
  readonly #options: LiveClientOptions;
  readonly #user: ConnectionUser;

  constructor(options: LiveClientOptions, timers: Timers, now: () => number, user: ConnectionUser) {
    this.#options = options;
    this.#timers = timers;
    this.#now = now;
    this.#user = user;
    this.#page = options.page ?? (globalThis as Page);
  }

  start(): void {
    if (this.#mode !== 'stopped' && this.#mode !== 'refused') return;
    this.#failures = 0;
    listen(this.#page, 'addEventListener', this.#wake);
    this.#connect();
  }

  stop(mode: 'stopped' | 'refused' = 'stopped'): void {
    listen(this.#page, 'removeEventListener', this.#wake);
    this.#drop();
    this.#setMode(mode);
  }

  send(message: ClientMessage): void {
    if (this.#mode === 'open') this.#socket?.send(JSON.stringify(message));
  }

  /** Connects anew after a wait that nothing cuts short. */
  backOff(): void {
    this.#lost(undefined, true);
  }

  #setMode(mode: Mode): void {
    this.#mode = mode;
    this.#user.changed(mode);
  }

  #connect(): void {
    this.#drop();
    const turn = this.#turn;
    this.#setMode(isHidden(this.#page) ? 'hidden' : 'connecting');
    // a listener may have stopped it
    if (turn !== this.#turn || this.#mode === 'hidden') return;
    this.#arm(CONNECT_MS);
    const { token } = this.#options;
    if (typeof token !== 'function' || this.#token) this.#open(this.#token ?? (token as string | undefined));
    else this.#openWith(token, turn);
  }

  async #openWith(token: () => string | Promise<string>, turn: number): Promise<void> {
    try {
      const answer = await token();
      if (turn !== this.#turn) return;
      this.#token = answer;
      this.#open(answer);
    } catch {
      if (turn === this.#turn) this.#fail('TOKEN', 'No token');
    }
  }

  #open(token = ''): void {
    const { url, WebSocket = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket } = this.#options;
    const isProtocol = SUBPROTOCOL.test(token);
    const query = `protocol=2${token && !isProtocol ? `&token=${encodeURIComponent(token)}` : ''}`;
    const address = `${url}${url.includes('?') ? '&' : '?'}${query}`;
    try {
      const socket = new WebSocket!(address, isProtocol ? ['livescore.v2', `bearer.${token}`] : []);
      socket.onmessage = ({ data }: { data: unknown }) => this.#heard(data);
      socket.onclose = ({ code }: { code?: number }) => this.#lost(code);
      // what follows is a close; without a listener, `ws` would throw
      socket.onerror = () => {};
      this.#socket = socket;
    } catch {
      this.#fail('CONNECT', WebSocket ? 'No WebSocket address' : 'No WebSocket class');
    }
  }

  #fail(code: string, message: string): void {
    const turn = this.#turn;
    this.#user.failed(code, message);
    if (turn === this.#turn) this.#lost();
  }

  #heard(data: unknown): void {
    if (this.#mode === 'open') this.#arm(this.#silenceMs);
    try {
      const frame: ServerFrame = JSON.parse(data as string);
      if (frame.type === 'WELCOME' && this.#mode === 'connecting') this.#welcomed(frame);
      if (this.#mode !== 'open') return;
      if (frame.type === 'GOODBYE')
        this.#toldWaitMs = Math.min(Math.max(frame.retryAfterMs, 0), LONGEST_TOLD_WAIT_MS) || 0;
      this.#user.frame(frame);
    } catch {
      this.#user.failed('BAD_FRAME', 'Not a frame');
    }
  }

  #welcomed({ protocol, pingIntervalMs }: WelcomeFrame): void {
    if (protocol !== 2) {
      this.#toldWaitMs = LONGEST_TOLD_WAIT_MS;
      this.#fail('UNSUPPORTED_PROTOCOL', 'Not protocol 2');
      return;
    }
    this.#openedAtMs = this.#now();
    this.#silenceMs = (pingIntervalMs || PING_MS) + GRACE_MS;
    this.#arm(this.#silenceMs);
    this.#pingLater();
    this.#setMode('open');
  }

  /** @param isFirm nothing cuts the wait short */
  #lost(code?: number, isFirm = false): void {
    const isRefused = code === REFUSED_CODE;
    const toldMs = this.#toldWaitMs;
    const isOpened = this.#mode === 'open';
    if (!isOpened || isRefused) this.#token = undefined;
    if (isOpened && this.#now() - this.#openedAtMs >= STEADY_MS) this.#failures = 0;
    this.#drop();
    this.#user.closed(isOpened && toldMs === undefined && !isFirm);
    if (isRefused && typeof this.#options.token !== 'function') {
      this.stop('refused');
      this.#user.failed('UNAUTHORIZED', 'The token was refused, and no function gives another');
      return;
    }
    this.#isWaitFirm = isFirm || isRefused || toldMs !== undefined;
    this.#timer = this.#timers.setTimeout(() => this.#connect(), this.#waitMs(toldMs));
    this.#setMode('waiting');
  }

  #waitMs(toldMs: number | undefined): number {
    this.#failures = Math.min(this.#failures + 1, MOST_DOUBLINGS);
    const mostMs = Math.min(LEAST_WAIT_MS * 2 ** this.#failures, MOST_WAIT_MS);
    const spreadMs = toldMs === undefined ? mostMs - LEAST_WAIT_MS : Math.max(toldMs, LEAST_WAIT_MS);
    return (toldMs ?? LEAST_WAIT_MS) + (this.#options.random ?? Math.random)() * spreadMs;
  }

  /** Ends a mode that takes too long, or a connection that is silent for too long. */
  #arm(delayMs: number): void {
    this.#timers.clearTimeout(this.#timer as never);
    this.#timer = this.#timers.setTimeout(() => this.#lost(), delayMs);
  }

  #ping(): void {
    this.send({ type: 'PING' });
  }

  #pingLater(): void {
    this.#pingTimer = this.#timers.setTimeout(() => {
      this.#ping();
      this.#pingLater();
    }, PING_MS);
  }

  readonly #wake = (): void => {
    if (isHidden(this.#page)) return;
    if (this.#mode === 'hidden' || (this.#mode === 'waiting' && !this.#isWaitFirm)) this.#connect();
    else if (this.#mode === 'open') {
      this.#ping();
      this.#arm(PROBE_MS);
    }
  };

  /** Ends the socket and the timers: nothing of them is heard any more. */
  #drop(): void {
    this.#turn += 1;
    this.#toldWaitMs = undefined;
    this.#timers.clearTimeout(this.#timer as never);
    this.#timers.clearTimeout(this.#pingTimer as never);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }
}
