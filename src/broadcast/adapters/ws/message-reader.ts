import type { ClientMessage } from '../../ports/match-frames.js';
import { type MessageFault, readMessage } from '../../ports/read-message.js';

/** Shorter ones are read as fast as they are compared. */
const WORTH_KEEPING_BYTES = 256;

/** What a client sent, as it was parsed and as it was read. */
export interface SentMessage {
  readonly value: unknown;
  readonly read: ClientMessage | MessageFault;
}

/** @throws SyntaxError when it is no JSON */
export function readSent(data: Buffer): SentMessage {
  const value: unknown = JSON.parse(data.toString());
  return { value, read: readMessage(value) };
}

/**
 * The reader keeps the newest long message as it was read: clients that come back together name the same positions, so that
 * each of them but the first is answered without being parsed. Nobody may change what it returns.
 */
export class MessageReader {
  private newest: { readonly data: Buffer; readonly sent: SentMessage } | null = null;

  /** @throws SyntaxError when it is no JSON */
  read(data: Buffer): SentMessage {
    if (this.newest?.data.equals(data)) return this.newest.sent;
    const sent = readSent(data);
    if (data.length >= WORTH_KEEPING_BYTES) this.newest = { data: Buffer.from(data), sent };
    return sent;
  }
}
