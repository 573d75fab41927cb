import type { Frame } from './match-history.js';

/** Why a message is in the load. */
export type MessageKind =
  /** news */
  | 'news'
  /** the newest frame of a match once more */
  | 'repeat'
  /** a frame of an earlier period of its match */
  | 'late'
  /** no JSON, or nothing the decoder understands */
  | 'malformed';

/** One MQTT message. No two have the same payload: each carries its number where decoders do not look. */
export interface Message {
  readonly number: number;
  readonly kind: MessageKind;
  /** empty when malformed */
  readonly frames: readonly Frame[];
  readonly payload: string;
}

/** The score tuple of the feed and of `detail_live`. */
export function tupleOf({ matchId, status, home, away, kickoffS }: Frame): readonly unknown[] {
  return [matchId, status, home, away, kickoffS];
}

export function messageOf(number: number, kind: MessageKind, frames: readonly Frame[]): Message {
  return { number, kind, frames, payload: JSON.stringify(envelopeOf(number, frames)) };
}

/** What a broken publisher sends: half a message, or JSON that says nothing about a match. */
export function malformedMessage(number: number, example: Frame): Message {
  const payload =
    number % 2 === 0
      ? `{"no":${number},"id":"${example.matchId}","score":["${example.matchId}",2,[`
      : JSON.stringify({ no: number, id: example.matchId, score: [example.matchId, 'second half', [1], []] });
  return { number, kind: 'malformed', frames: [], payload };
}

function envelopeOf(number: number, frames: readonly Frame[]): unknown {
  const [first] = frames;
  if (frames.length === 1 && first) {
    if (number % 3 === 0) return [...tupleOf(first), `message ${number}`];
    return { no: number, id: first.matchId, score: tupleOf(first) };
  }
  return frames.map((frame) => ({ no: number, id: frame.matchId, score: tupleOf(frame) }));
}
