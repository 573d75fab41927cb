import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { Allowance } from './allowance.js';
import { ClientInlet } from './client-inlet.js';

const PONG = Buffer.from([0x8a, 0x80, 1, 2, 3, 4]);
const TEXT = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]);

class Ws extends EventEmitter {
  readonly readyState = 1;
  pauses = 0;
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
}

class Socket extends EventEmitter {
  readonly returned: Buffer[] = [];

  unshift(rest: Buffer): void {
    this.returned.push(rest);
  }
}

describe('the answer of a silent client', () => {
  let ws: Ws;
  let socket: Socket;
  let parsed: Buffer[];
  let frames: Allowance;

  beforeEach(() => {
    [ws, socket, parsed] = [new Ws(), new Socket(), []];
    socket.on('data', (chunk: Buffer) => parsed.push(chunk));
    frames = new Allowance(1, 3, 0);
    const allowances = [{ frames, bytes: new Allowance(1_000, 10_000, 0) }];
    const scheduler = new VirtualScheduler(new VirtualTime());
    const [asWs, asSocket] = [ws as unknown as WebSocket, socket as unknown as Duplex];
    new ClientInlet(asWs, asSocket, allowances, 1_000, scheduler, () => undefined).open();
  });

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
