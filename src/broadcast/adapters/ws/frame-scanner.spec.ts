import { describe, expect, it } from '@jest/globals';
import { FrameScanner } from './frame-scanner.js';

/** A frame as a client sends it. */
function frame(payload: number, opcode = 0x81): Buffer {
  const mask = Buffer.alloc(4);
  if (payload < 126) return Buffer.concat([Buffer.from([opcode, 0x80 | payload]), mask, Buffer.alloc(payload, 0x81)]);
  const header = payload < 65_536 ? Buffer.from([opcode, 0xfe, 0, 0]) : Buffer.from([opcode, 0xff, ...Buffer.alloc(8)]);
  if (payload < 65_536) header.writeUInt16BE(payload, 2);
  else header.writeUInt32BE(payload, 6);
  return Buffer.concat([header, mask, Buffer.alloc(payload, 0x81)]);
}

const KINDS = [frame(1), frame(0), frame(5, 0x89), frame(125, 0x8a), frame(0, 0x01), frame(300), frame(70_000)];

describe('FrameScanner', () => {
  it('counts frames of every kind and length, however they are cut into chunks', () => {
    const stream = Buffer.concat(KINDS);
    for (const size of [1, 2, 3, 7, 64, 4_096, stream.length]) {
      const scanner = new FrameScanner();
      let frames = 0;
      for (let at = 0; at < stream.length; at += size) {
        const chunk = stream.subarray(at, at + size);
        const scanned = scanner.scan(chunk, 100);
        expect(scanned.bytes).toBe(chunk.length);
        frames += scanned.frames;
      }
      expect([size, frames]).toEqual([size, KINDS.length]);
    }
  });

  it('stops before the frame that is one too many, and goes on there', () => {
    const scanner = new FrameScanner();
    const stream = Buffer.concat([frame(3), frame(4), frame(5)]);
    const first = scanner.scan(stream, 2);
    expect(first).toEqual({ frames: 2, bytes: frame(3).length + frame(4).length });
    const rest = stream.subarray(first.bytes);
    expect(scanner.scan(rest, 0)).toEqual({ frames: 0, bytes: 0 });
    expect(scanner.scan(rest, 1)).toEqual({ frames: 1, bytes: rest.length });
  });

  it('stands frames without a mask and lengths beyond 32 bits', () => {
    const scanner = new FrameScanner();
    expect(scanner.scan(Buffer.from([0x81, 0x01, 0x41, 0x81, 0x00]), 9)).toEqual({ frames: 2, bytes: 5 });
    const endless = Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    expect(scanner.scan(endless, 9).frames).toBe(1);
    expect(scanner.scan(Buffer.alloc(100_000), 9)).toEqual({ frames: 0, bytes: 100_000 });
  });
});
