import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { Timer } from '../../../kernel/timer.js';
import type { IncomingAllowance } from './allowance.js';
import { FrameScanner } from './frame-scanner.js';
import type { Reading, ReadingTurns } from './reading-turns.js';

/** What a read costs beside its bytes: a message that comes byte by byte is more work than one that comes whole. */
const READ_COST_BYTES = 64;
/** Of one client, before the others get their turn. */
const PIECE_BYTES = 4_096;
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
 * anything is parsed, by the allowance of the client and that of its address. What may pass is parsed in pieces, as the turns of the
 * event loop have room; meanwhile nothing more is read.
 *
 * *open* → more came than is allowed: *paused* for a second, nothing is read → *open*; the fourth pause in a row, or more
 * at once than an allowance can ever hold → *cut off*: close code 1008, nothing is read any more, the end after a second. So ends,
 * without that code, who sends too much while the connection is being closed.
 */
export class ClientInlet implements Reading {
  private parse: Listener = () => undefined;
  /** read, and not parsed yet */
  private held: Buffer | null = null;
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
    private readonly turns: ReadingTurns,
    private readonly scheduler: Scheduler,
    private readonly flooded: () => void,
  ) {
    this.timer = new Timer(scheduler);
  }

  /** Takes the place of the library's own listener, right after the upgrade. */
  open(): void {
    const listeners = this.socket.listeners('data') as Listener[];
    this.parse = (chunk) => {
      for (const listener of listeners) listener.call(this.socket, chunk);
    };
    for (const listener of listeners) this.socket.off('data', listener);
    this.socket.on('data', (chunk: Buffer) => this.arrived(chunk));
    this.socket.prependOnceListener('close', () => this.closed());
  }

  goOn(): void {
    const { held } = this;
    this.held = null;
    if (held) this.read(held);
    if (!this.held && !this.timer.isSet) this.ws.resume();
  }

  private arrived(chunk: Buffer): void {
    if (this.isCutOff) {
      // the library reads on, to throw it away, once a connection is being closed: that is work, too
      this.socket.pause();
    } else if (this.held) this.hold(Buffer.concat([this.held, chunk]));
    else if (isEmptyPong(chunk) && this.takesPong(chunk)) this.ws.emit('pong', NOTHING);
    else if (this.turns.isOpen) this.read(chunk);
    else this.hold(chunk);
  }

  private takesPong({ length }: Buffer): boolean {
    const nowMs = this.scheduler.monotonicMs();
    const hasRoom = this.room('frames', nowMs) > 0 && this.room('bytes', nowMs) >= length + READ_COST_BYTES;
    if (!hasRoom || !this.scanner.isBetweenFrames) return false;
    this.spend(1, length);
    return true;
  }

  private read(chunk: Buffer): void {
    const nowMs = this.scheduler.monotonicMs();
    const mostBytes = Math.max(0, this.room('bytes', nowMs) - READ_COST_BYTES);
    const mostFrames = this.room('frames', nowMs);
    const piece = Math.min(chunk.length, PIECE_BYTES);
    const { frames, bytes } = this.scanner.scan(chunk, mostFrames, Math.min(piece, mostBytes));
    this.spend(frames, bytes);
    if (bytes > 0) this.parse(bytes < chunk.length ? chunk.subarray(0, bytes) : chunk);
    if (bytes < piece) this.tooMuch(chunk.subarray(bytes), nowMs);
    else if (bytes < chunk.length) this.hold(chunk.subarray(bytes));
  }

  /** Reads on when there is time. */
  private hold(rest: Buffer): void {
    this.held = rest;
    this.ws.pause();
    this.turns.wait(this);
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
    this.turns.leave(this);
    this.held = null;
    while (this.socket.read() !== null);
  }
}

/** Nearly all that silent clients send is this: it is told at once, and the library does not parse it. */
function isEmptyPong(chunk: Buffer): boolean {
  return chunk.length === EMPTY_PONG.bytes && chunk[0] === EMPTY_PONG.opcode && chunk[1] === EMPTY_PONG.length;
}
