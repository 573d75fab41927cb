import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
import type { IncomingAllowance } from './allowance.js';
import { FrameScanner } from './frame-scanner.js';

/** What a read costs beside its bytes: a message that comes byte by byte is more work than one that comes whole. */
const READ_COST_BYTES = 64;
const PAUSE_MS = 1_000;
/** So often in a row a client may send more than it is allowed. */
const MOST_PAUSES = 3;
/** A client that was quiet for so long begins anew. */
const FORGET_AFTER_MS = 10_000;
/** What the close frame gets to reach a client that is cut off. */
const FAREWELL_MS = 1_000;
/** Policy violation, as the protocol numbers it. */
const TOO_MUCH = { code: 1008, reason: 'too many messages' } as const;

/** The answer to a ping without payload: masked, as all that clients send. */
const EMPTY_PONG = { opcode: 0x8a, length: 0x80, bytes: 6 } as const;
const NOTHING = Buffer.alloc(0);

type Listener = (chunk: Buffer) => void;

/**
 * An inlet stands between a client's socket and the WebSocket library: it counts frames of every kind and bytes before
 * anything is parsed, by the allowance of the client and that of its address.
 *
 * *open* → more came than is allowed: *paused* for a second, nothing is read → *open*; the fourth pause in a row, or more
 * at once than an allowance can ever hold → *cut off*: close code 1008, nothing is read any more, the end after a second. So ends,
 * without that code, who sends too much while the connection is being closed.
 */
export class ClientInlet {
  private readonly scanner = new FrameScanner();
  private readonly timer: Timer;
  private isCutOff = false;
  private pauses = 0;
  private pausedAtMs = Number.NEGATIVE_INFINITY;

  /** @param flooded told once, when the client is cut off */
  constructor(
    private readonly ws: WebSocket,
    private readonly socket: Duplex,
    private readonly allowances: readonly IncomingAllowance[],
    private readonly mostHeldBytes: number,
    private readonly scheduler: Scheduler,
    private readonly flooded: () => void,
  ) {
    this.timer = new Timer(scheduler);
  }

  /** Takes the place of the library's own listener, right after the upgrade. */
  open(): void {
    const listeners = this.socket.listeners('data') as Listener[];
    const parse: Listener = (chunk) => {
      for (const listener of listeners) listener.call(this.socket, chunk);
    };
    for (const listener of listeners) this.socket.off('data', listener);
    this.socket.on('data', (chunk: Buffer) => this.arrived(chunk, parse));
    this.socket.prependOnceListener('close', () => this.closed());
  }

  private arrived(chunk: Buffer, parse: Listener): void {
    if (this.isCutOff) {
      // the library reads on, to throw it away, once a connection is being closed: that is work, too
      this.socket.pause();
      return;
    }
    const nowMs = this.scheduler.monotonicMs();
    const mostBytes = Math.max(0, this.room('bytes', nowMs) - READ_COST_BYTES);
    const mostFrames = this.room('frames', nowMs);
    if (isEmptyPong(chunk) && this.scanner.isBetweenFrames && mostFrames > 0 && mostBytes >= chunk.length) {
      this.spend(1, chunk.length);
      this.ws.emit('pong', NOTHING);
      return;
    }
    const { frames, bytes } = this.scanner.scan(chunk, mostFrames, Math.min(chunk.length, mostBytes));
    this.spend(frames, bytes);
    if (bytes > 0) parse(bytes < chunk.length ? chunk.subarray(0, bytes) : chunk);
    if (bytes < chunk.length) this.tooMuch(chunk.subarray(bytes), nowMs);
  }

  /** What may come now, by all of its allowances. */
  private room(kind: keyof IncomingAllowance, nowMs: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const allowance of this.allowances) least = Math.min(least, allowance[kind].available(nowMs));
    return least;
  }

  private spend(frames: number, bytes: number): void {
    for (const allowance of this.allowances) {
      allowance.frames.spend(frames);
      allowance.bytes.spend(bytes + READ_COST_BYTES);
    }
  }

  private tooMuch(rest: Buffer, nowMs: number): void {
    if (this.ws.readyState !== WebSocket.OPEN) {
      this.endSoon();
      return;
    }
    if (nowMs - this.pausedAtMs > FORGET_AFTER_MS) this.pauses = 0;
    this.pauses += 1;
    this.pausedAtMs = nowMs;
    if (rest.length > this.mostHeldBytes || this.pauses > MOST_PAUSES) {
      this.cutOff();
      return;
    }
    this.ws.pause();
    this.socket.unshift(rest);
    this.timer.set(PAUSE_MS, () => this.ws.resume());
  }

  private cutOff(): void {
    this.endSoon();
    this.ws.close(TOO_MUCH.code, TOO_MUCH.reason);
    this.flooded();
  }

  /** Not at once: who waits for the end before he comes back waits, too. */
  private endSoon(): void {
    this.isCutOff = true;
    this.ws.pause();
    this.timer.set(FAREWELL_MS, () => this.ws.terminate());
  }

  /** What was not read is not parsed at the end, either. */
  private closed(): void {
    this.timer.stop();
    while (this.socket.read() !== null);
  }
}

/** Nearly all that silent clients send is this: it is told at once, and the library does not parse it. */
function isEmptyPong(chunk: Buffer): boolean {
  return chunk.length === EMPTY_PONG.bytes && chunk[0] === EMPTY_PONG.opcode && chunk[1] === EMPTY_PONG.length;
}
