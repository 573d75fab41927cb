const TEXT_OPCODE = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MOST_IN_7_BITS = 125;
const MOST_IN_16_BITS = 65_535;

/** A protocol ping without payload. */
export const PING_FRAME: Buffer = Buffer.from([0x89, 0]);

/** Encodes a text as one WebSocket frame of a server, header and payload in one buffer: it is written to any number of sockets. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const { frame, header } = begun(length);
  // of plain ASCII both are the same, and this one is a copy
  frame.write(text, header, length === text.length ? 'latin1' : 'utf8');
  return frame;
}

/** The same of a text whose middle is encoded already. */
export function frameAround(before: string, middle: Buffer, after: string): Buffer {
  const [beforeBytes, afterBytes] = [Buffer.byteLength(before), Buffer.byteLength(after)];
  const { frame, header } = begun(beforeBytes + middle.length + afterBytes);
  frame.write(before, header);
  middle.copy(frame, header + beforeBytes);
  frame.write(after, header + beforeBytes + middle.length);
  return frame;
}

/** A frame with its header and room for the payload. */
function begun(length: number): { readonly frame: Buffer; readonly header: number } {
  const header = length <= MOST_IN_7_BITS ? 2 : length <= MOST_IN_16_BITS ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT_OPCODE;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  return { frame, header };
}

export function jsonFrame(value: object): Buffer {
  return textFrame(JSON.stringify(value));
}

/** One buffer of several frames; no copy where there is one. */
export function joined(frames: readonly Buffer[]): Buffer {
  return frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
}
