import { describe, expect, it } from '@jest/globals';
import { FrameCounter } from './frame-counter.js';

const LONG = 128;

function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

const text = (length: number) => frame(1, new Uint8Array(length).fill(0x81));

describe('FrameCounter', () => {
  const stream = Buffer.concat([
    text(40),
    text(LONG),
    frame(9, new Uint8Array(0)),
    text(70_000),
    text(1),
    frame(10, new Uint8Array(3)),
    text(LONG - 1),
    frame(9, new Uint8Array(5)),
    text(300),
  ]);

  it.each([1, 2, 3, 7, 127, 4_096, stream.length])('counts the frames that come in chunks of %i bytes', (size) => {
    const counter = new FrameCounter(LONG);
    for (let at = 0; at < stream.length; at += size) {
      const chunk = stream.subarray(at, at + size);
      counter.scan(chunk, chunk.length);
    }
    const { long, short, pings, enginePings } = counter;
    expect({ long, short, pings, enginePings }).toEqual({ long: 3, short: 2, pings: 2, enginePings: 1 });
  });

  it('counts a frame only once its last byte is there', () => {
    const counter = new FrameCounter(LONG);
    const whole = text(200);
    counter.scan(whole, whole.length - 1);
    expect(counter.long).toBe(0);
    counter.scan(whole, whole.length, whole.length - 1);
    expect(counter.long).toBe(1);
  });

  it('keeps the payload of the newest long frame where it is asked to', () => {
    const counter = new FrameCounter(4);
    counter.keeps = true;
    const bytes = Buffer.concat([
      frame(1, Buffer.from('first')),
      frame(1, Buffer.from('no')),
      frame(1, Buffer.from('second')),
    ]);
    for (const byte of bytes) counter.scan(Buffer.from([byte]), 1);
    expect(Buffer.from(counter.kept ?? []).toString()).toBe('second');
  });
});
