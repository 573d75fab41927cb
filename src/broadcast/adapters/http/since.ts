import { type Position, readPosition } from '../../ports/position.js';

/** What a reader has of a match: a position, and the digest of the content where it named a whole tag. */
export interface MatchSince {
  readonly position: Position;
  /** null: any content of that position */
  readonly tag: string | null;
  readonly turn: number | null;
}

/** What a reader has of the list. */
export interface ListSince {
  readonly tag: string;
  readonly turn: number | null;
}

const MATCH = /^(?:W\/)?"?((\d{1,10}\.\d{1,15})(?:-[\w-]{8})?)"?(?:~([0-9a-z]{1,9}))?$/;
const LIST = /^(?:W\/)?"?([\w-]{22})"?(?:~([0-9a-z]{1,9}))?$/;

/** @returns null when the text is none */
export function readMatchSince(text: unknown): MatchSince | null {
  const [, tag, positionText, turn] = (typeof text === 'string' && MATCH.exec(text)) || [];
  const position = readPosition(positionText);
  if (!position || tag === undefined) return null;
  return { position, tag: tag === positionText ? null : tag, turn: readTurn(turn) };
}

/** @returns null when the text is none */
export function readListSince(text: unknown): ListSince | null {
  const [, tag, turn] = (typeof text === 'string' && LIST.exec(text)) || [];
  return tag === undefined ? null : { tag, turn: readTurn(turn) };
}

/** What the next request is to name. */
export function sinceText(tag: string, turn: number | null): string {
  return turn === null ? tag : `${tag}~${turn.toString(36)}`;
}

function readTurn(text: string | undefined): number | null {
  return text === undefined ? null : Number.parseInt(text, 36);
}
