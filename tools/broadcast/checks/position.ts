/** Epoch and version as a client keeps them; read and compared here without any code of the package. */
export interface Held {
  readonly epoch: number;
  readonly version: number;
}

/** @returns null when the text is no position */
export function parsePosition(text: unknown): Held | null {
  if (typeof text !== 'string') return null;
  const parts = text.split('.');
  if (parts.length !== 2 || !parts.every((part) => /^\d+$/.test(part))) return null;
  return { epoch: Number(parts[0]), version: Number(parts[1]) };
}

export function formatPosition({ epoch, version }: Held): string {
  return `${epoch}.${version}`;
}

export function isSamePosition(a: Held, b: Held): boolean {
  return a.epoch === b.epoch && a.version === b.version;
}

/** Does `a` come before `b`? A row that was made anew has a later epoch. */
export function isBefore(a: Held, b: Held): boolean {
  return a.epoch === b.epoch ? a.version < b.version : a.epoch < b.epoch;
}
