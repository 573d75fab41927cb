const FIN = 0x80;
const MASKED = 0x80;
const TEXT = 1;
const LENGTH_16 = 126;
const LONGEST_SHORT = 125;

/** A text frame as a client sends it, under the mask of zeros; at most 65,535 bytes. */
export function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  const isShort = payload.length <= LONGEST_SHORT;
  const header = Buffer.alloc(isShort ? 6 : 8);
  header[0] = FIN | TEXT;
  header[1] = MASKED | (isShort ? payload.length : LENGTH_16);
  if (!isShort) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

/** A pong without payload. */
export const MASKED_PONG = Buffer.from([FIN | 0x0a, MASKED, 0, 0, 0, 0]);
/** What engine.io clients answer to its own pings. */
export const ENGINE_PONG = maskedText('3');
