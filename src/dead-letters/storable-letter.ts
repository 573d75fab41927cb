import type { DeadLetter } from '../contracts/dead-letter-sink.js';
import { splitMessage } from '../thesports/split-message.js';

/** Longest payload that is kept, bytes. */
export const MAX_LETTER_BYTES = 2 ** 20;
/** A message that is longer is split: a letter holds what is about its match. */
const SPLIT_BEYOND_BYTES = 4_096;
const MAX_MATCH_ID = 255;
const MAX_TEXT = 1_000;
const NO_PARTS: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * The letter as the table takes it: texts without NUL, a match id that fits its column, at most 1 MB of payload with a
 * word about the rest. Of a message about many matches it holds the part about its own. The payload is a copy: a message is often a view into a far larger buffer of the connection.
 */
export class StorableLetters {
  /** letters of one message share their copy */
  private readonly copies = new WeakMap<Uint8Array, Uint8Array>();
  private readonly parts = new WeakMap<Uint8Array, ReadonlyMap<string, Uint8Array>>();

  storable(letter: DeadLetter): DeadLetter {
    const { reason, matchId, receivedAtMs } = letter;
    const part = matchId === null ? undefined : this.partAbout(matchId, letter.payload);
    const payload = part ?? this.copyOf(letter.payload);
    const matchIdText = matchId === null ? null : storableText(matchId);
    return {
      reason,
      detail: detailOf(letter, part ?? letter.payload),
      // A shortened id would be the id of another match.
      matchId: matchIdText !== null && matchIdText.length <= MAX_MATCH_ID ? matchIdText : null,
      topic: storableText(letter.topic).slice(0, MAX_TEXT),
      payload,
      receivedAtMs: Math.round(receivedAtMs),
    };
  }

  private partAbout(matchId: string, payload: Uint8Array): Uint8Array | undefined {
    if (payload.length <= SPLIT_BEYOND_BYTES || payload.length > MAX_LETTER_BYTES) return undefined;
    const parts = this.parts.get(payload) ?? splitMessage(payload) ?? NO_PARTS;
    this.parts.set(payload, parts);
    return parts.get(matchId);
  }

  private copyOf(payload: Uint8Array): Uint8Array {
    const known = this.copies.get(payload);
    if (known) return known;
    const copy = new Uint8Array(payload.subarray(0, MAX_LETTER_BYTES));
    this.copies.set(payload, copy);
    return copy;
  }
}

function detailOf({ detail }: DeadLetter, payload: Uint8Array): string | null {
  const text = detail === null ? null : storableText(detail).slice(0, MAX_TEXT);
  if (payload.length <= MAX_LETTER_BYTES) return text;
  const cut = `first ${MAX_LETTER_BYTES} of ${payload.length} bytes`;
  return text === null ? cut : `${text}; ${cut}`;
}

/** PostgreSQL stores no NUL in texts. */
function storableText(text: string): string {
  return text.replaceAll('\0', '');
}
