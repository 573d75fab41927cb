import type { RejectionReason } from './decoded-message.js';

const MAX_LENGTH = 255;
const SPACE = 0x20;
const DELETE = 0x7f;

/**
 * Why `value` cannot be a match id; null when it can. Ids are opaque text of 1–255 characters (`external_id
 * varchar(255)`), also when they look like numbers. Control characters and half surrogate pairs cannot be stored.
 */
export function matchIdProblem(value: unknown): RejectionReason | null {
  if (value === undefined || value === null) return 'no-id';
  if (typeof value !== 'string') return 'id-not-text';
  if (value.length > MAX_LENGTH) return 'bad-id';
  let blank = true;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > SPACE && code < DELETE) blank = false;
    else if (code !== SPACE) return unusual(value);
  }
  return blank ? 'blank-id' : null;
}

function unusual(value: string): RejectionReason | null {
  if (value.trim() === '') return 'blank-id';
  return /[\p{Cc}\p{Cs}]/u.test(value) ? 'bad-id' : null;
}
