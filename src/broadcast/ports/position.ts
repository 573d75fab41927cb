/**
 * A position says which committed state of a match somebody has: the incarnation of the row and its version. It is one value:
 * the two numbers are never kept, sent or compared apart.
 */
export interface Position {
  readonly epoch: number;
  readonly version: number;
}

/** `<epoch>.<version>` in decimal digits, as it stands in frames and in an ETag. */
export function positionText({ epoch, version }: Position): string {
  return `${epoch}.${version}`;
}

const LONGEST_EPOCH = 10;
const LONGEST_VERSION = 15;
const [DIGIT_0, DIGIT_9] = [0x30, 0x39];

/**
 * Reads a position digit by digit: a client that comes back names a hundred of them.
 * @returns null when the text is no position
 */
export function readPosition(text: unknown): Position | null {
  if (typeof text !== 'string') return null;
  const dot = text.indexOf('.');
  const epoch = digits(text, 0, dot, LONGEST_EPOCH);
  if (epoch === null) return null;
  const version = digits(text, dot + 1, text.length, LONGEST_VERSION);
  return version === null ? null : { epoch, version };
}

function digits(text: string, from: number, to: number, longest: number): number | null {
  if (to <= from || to - from > longest) return null;
  let value = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < DIGIT_0 || code > DIGIT_9) return null;
    value = value * 10 + (code - DIGIT_0);
  }
  return value;
}

/** Negative when `a` comes before `b`, 0 when they are the same. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.version - b.version;
}
