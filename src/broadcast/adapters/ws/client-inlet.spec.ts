import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { Allowance } from './allowance.js';
import { ClientInlet } from './client-inlet.js';
import { ReadingTurns } from './reading-turns.js';

const PONG = Buffer.from([0x8a, 0x80, 1, 2, 3, 4]);
const TEXT = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]);

class Ws extends EventEmitter {
  readonly readyState = 1;
  pauses = 0;
  resumes = 0;
  pongs = 0;

  constructor() {
    super();
    this.on('pong', () => {
      this.pongs += 1;
    });
  }

  pause(): void {
    this.pauses += 1;
  }

  resume(): void {
    this.resumes += 1;
  }
}

class Socket extends EventEmitter {
  readonly returned: Buffer[] = [];

  read(): null {
    return null;
  }

  unshift(rest: Buffer): void {
    this.returned.push(rest);
  }
}

let ws: Ws;
let socket: Socket;
let parsed: Buffer[];
let frames: Allowance;
let nowMs: number;
/** what was put off to the next turn of the event loop */
let nextTurns: (() => void)[];
let turns: ReadingTurns;

function inletOf(theirWs: Ws, theirSocket: Socket, allowedFrames: Allowance): void {
  const allowances = [{ frames: allowedFrames, bytes: new Allowance(1_000, 30_000, 0) }];
  const scheduler = new VirtualScheduler(new VirtualTime());
  const [asWs, asSocket] = [theirWs as unknown as WebSocket, theirSocket as unknown as Duplex];
  new ClientInlet(asWs, asSocket, allowances, 1_000, turns, scheduler, () => undefined).open();
}

async function nextTurn(): Promise<void> {
  for (const action of nextTurns.splice(0)) action();
  await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  [ws, socket, parsed, nowMs, nextTurns] = [new Ws(), new Socket(), [], 0, []];
  socket.on('data', (chunk: Buffer) => parsed.push(chunk));
  frames = new Allowance(1, 3, 0);
  turns = new ReadingTurns(
    () => nowMs,
    (action) => nextTurns.push(action),
  );
  inletOf(ws, socket, frames);
});

describe('what clients send', () => {
  const message = (bytes: number) => {
    const header = Buffer.from([0x82, 0x80 | 126, bytes >> 8, bytes & 0xff, 0, 0, 0, 0]);
    return Buffer.concat([header, Buffer.alloc(bytes, 7)]);
  };

  it('is read at once while the turn has time', () => {
    socket.emit('data', TEXT);
    expect([parsed, ws.pauses]).toEqual([[TEXT], 0]);
  });

  it('waits for the next turn when this one has none left, and nothing more is read meanwhile', async () => {
    socket.emit('data', TEXT);
    nowMs = 10;
    socket.emit('data', TEXT);
    expect([parsed, ws.pauses, ws.resumes]).toEqual([[TEXT], 1, 0]);
    await nextTurn();
    expect([parsed, ws.pauses, ws.resumes]).toEqual([[TEXT, TEXT], 1, 1]);
  });

  it('is read in pieces, those of others between them, in the order in which it came', async () => {
    const [long, others, theirs] = [message(10_000), new Socket(), [] as string[]];
    for (const [name, one] of Object.entries({ long: socket, other: others })) {
      one.on('data', ({ length }: Buffer) => theirs.push(`${name} ${length}`));
    }
    socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
      parsed.push(chunk);
      theirs.push(`long ${chunk.length}`);
    });
    inletOf(ws, socket, frames);
    inletOf(new Ws(), others, new Allowance(1, 3, 0));
    socket.emit('data', long);
    others.emit('data', TEXT);
    await nextTurn();
    expect(theirs).toEqual(['long 4096', 'long 4096', `other ${TEXT.length}`, `long ${long.length - 8_192}`]);
    expect(Buffer.concat(parsed)).toEqual(long);
  });

  it('is not parsed beyond the bytes that are allowed', async () => {
    const long = message(30_000);
    socket.emit('data', long);
    while (nextTurns.length > 0) await nextTurn();
    expect(Buffer.concat(parsed).length).toBeLessThan(30_000);
    expect(Buffer.concat([...parsed, ...socket.returned])).toEqual(long);
  });

  it('is not read after the client has left', async () => {
    socket.emit('data', message(10_000));
    socket.emit('close');
    await nextTurn();
    expect(parsed.map(({ length }) => length)).toEqual([4_096]);
  });
});

describe('the answer of a silent client', () => {
  it('is told without being parsed, and counts as a frame', () => {
    socket.emit('data', PONG);
    socket.emit('data', TEXT);
    expect([ws.pongs, parsed, frames.available(0)]).toEqual([1, [TEXT], 1]);
  });

  it('waits like any other frame once too much came', () => {
    for (let n = 0; n < 4; n++) socket.emit('data', PONG);
    expect([ws.pongs, ws.pauses, socket.returned]).toEqual([3, 1, [PONG]]);
  });

  it('is part of a message where the bytes stand inside of one', () => {
    const message = Buffer.concat([Buffer.from([0x82, 0x80 | PONG.length, 0, 0, 0, 0]), PONG]);
    const [head, rest] = [message.subarray(0, 6), message.subarray(6)];
    for (const chunk of [head, rest]) socket.emit('data', chunk);
    expect([ws.pongs, Buffer.concat(parsed)]).toEqual([0, message]);
  });
});
