import type { MatchUpdate, UpdateSource } from '../../domain/match-update.js';

/** Where a message came from: copied into each of its updates. */
export interface MessageOrigin {
  readonly source: UpdateSource;
  readonly delivery: 'push' | 'pull';
  /** our clock at receipt, unix milliseconds */
  readonly receivedAtMs: number;
  readonly requestedAtMs: number | null;
  /** the broker sent it before */
  readonly redelivered?: true;
}

export interface DecodedFeedMessage {
  /** in the order of the message */
  readonly updates: readonly MatchUpdate[];
  readonly rejections: readonly { readonly kind: string; readonly reason: string; readonly matchId: string | null }[];
  /** further ones, by reason. @default none */
  readonly unlisted?: ReadonlyMap<string, number>;
  /** items of which nothing could be read; 1 when it is the message. @default the rejections of kind `message` and `item` */
  readonly lost?: number;
}

/** Turns the bytes of one feed message into updates. Refused parts are values, never exceptions. */
export abstract class MessageDecoder {
  abstract decode(payload: Uint8Array, origin: MessageOrigin): DecodedFeedMessage;
}
