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

const TEXT = /^(\d{1,10})\.(\d{1,15})$/;

/** @returns null when the text is no position */
export function readPosition(text: unknown): Position | null {
  const [, epoch, version] = (typeof text === 'string' && TEXT.exec(text)) || [];
  return epoch === undefined ? null : { epoch: Number(epoch), version: Number(version) };
}

/** Negative when `a` comes before `b`, 0 when they are the same. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.version - b.version;
}
