import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frameAround, textFrame } from './ws-frame.js';

/** What a client reads in a frame of a server. */
function payloadOf(frame: Buffer): { readonly text: string; readonly rest: number } {
  expect(frame[0]).toBe(0x81);
  const short = frame[1] ?? 0;
  const header = short < 126 ? 2 : short === 126 ? 4 : 10;
  const length = header === 2 ? short : header === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
  return { text: frame.toString('utf8', header), rest: frame.length - header - length };
}

const TEXTS = ['', 'a', 'Ömer', '⚽', 'x'.repeat(125), 'ö'.repeat(63), 'x'.repeat(65_535), `${'x'.repeat(65_535)}ö`];

describe('a frame', () => {
  it.each(TEXTS.map((text) => [text.length, text] as const))('holds a text of %i characters', (_, text) => {
    expect(payloadOf(textFrame(text))).toEqual({ text, rest: 0 });
  });

  it('is the same around a middle that is encoded already', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...TEXTS));
    fc.assert(
      fc.property(text, text, text, (before, middle, after) => {
        expect(frameAround(before, Buffer.from(middle), after).equals(textFrame(before + middle + after))).toBe(true);
      }),
    );
  });
});
