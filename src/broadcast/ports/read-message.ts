import { type Fields, isFields } from '../../kernel/fields.js';
import type {
  AuthenticateMessage,
  ClientMessage,
  ErrorCode,
  Selection,
  SubscribeMessage,
  UnsubscribeMessage,
} from './match-frames.js';
import { readPosition } from './position.js';

/** Why a message is not followed. The text names the field and never holds what was sent. */
export interface MessageFault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The bounds of the schemas in `docs/protocol`. */
const MOST_ENTRIES = 10_000;
const LONGEST_ID = 255;
const LONGEST_MESSAGE_ID = 64;
const LONGEST_TOKEN = 4_096;
/** No control characters, which no database stores, and no half surrogate pairs. */
const PLAIN_TEXT = /^[^\p{Cc}\p{Cs}]+$/u;
/** Nearly every id is this, and it is told in a fraction of the time. */
const PLAIN_ASCII = /^[ -~]+$/;
const VISIBLE_ASCII = /^[!-~]+$/;

type Verdict = MessageFault | null;

/**
 * Reads what a client of protocol 2 sent, parsed but not checked, by the schemas in `docs/protocol`. Its work is bounded by
 * the size of the message. Fields that it does not know are left out of what it returns.
 */
export function readMessage(value: unknown): ClientMessage | MessageFault {
  if (!isFields(value)) return bad('A message is a JSON object');
  switch (value.type) {
    case 'SUBSCRIBE':
      return subscribeFault(value) ?? subscribe(value as unknown as SubscribeMessage);
    case 'UNSUBSCRIBE':
      return idFault(value) ?? selectionFault(value) ?? unsubscribe(value as unknown as UnsubscribeMessage);
    case 'AUTHENTICATE':
      return idFault(value) ?? tokenFault(value) ?? authenticate(value as unknown as AuthenticateMessage);
    case 'PING':
      return { type: 'PING' };
    default:
      if (typeof value.type !== 'string') return bad('"type" must be a text');
      return { code: 'UNKNOWN_TYPE', message: '"type" must be SUBSCRIBE, UNSUBSCRIBE, AUTHENTICATE or PING' };
  }
}

export function isMessageFault(read: ClientMessage | MessageFault): read is MessageFault {
  return 'code' in read;
}

function subscribe({ id, since, replay, ...fields }: SubscribeMessage): SubscribeMessage {
  return {
    type: 'SUBSCRIBE',
    ...(id === undefined ? undefined : { id }),
    ...selection(fields),
    ...(since === undefined ? undefined : { since: withoutPrototype(since) }),
    ...(replay === undefined ? undefined : { replay }),
  };
}

function unsubscribe({ id, ...fields }: UnsubscribeMessage): UnsubscribeMessage {
  return { type: 'UNSUBSCRIBE', ...(id === undefined ? undefined : { id }), ...selection(fields) };
}

function authenticate({ id, token }: AuthenticateMessage): AuthenticateMessage {
  return { type: 'AUTHENTICATE', ...(id === undefined ? undefined : { id }), token };
}

function selection({ matches, competitions, all }: Selection): Selection {
  return {
    ...(matches && { matches }),
    ...(competitions && { competitions }),
    ...(all && { all }),
  };
}

/** `since['constructor']` is what the client said, or nothing. */
function withoutPrototype(since: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.assign(Object.create(null), since);
}

function subscribeFault(fields: Fields): Verdict {
  const { protocol, matches, competitions, all, since, replay } = fields;
  if (protocol !== undefined && protocol !== 2) {
    return { code: 'UNSUPPORTED_PROTOCOL', message: '"protocol" must be 2' };
  }
  const fault = idFault(fields) ?? selectionFault(fields);
  if (fault) return fault;
  if (matches === undefined && competitions === undefined && all === undefined) {
    return bad('One of "matches", "competitions" and "all" is needed');
  }
  if (replay !== undefined && typeof replay !== 'boolean') return bad('"replay" must be true or false');
  return since === undefined ? null : sinceFault(since);
}

function idFault({ id }: Fields): Verdict {
  return id === undefined || isPlainText(id, LONGEST_MESSAGE_ID) ? null : bad(`"id" ${plainText(LONGEST_MESSAGE_ID)}`);
}

function tokenFault({ token }: Fields): Verdict {
  if (typeof token === 'string' && token.length <= LONGEST_TOKEN && VISIBLE_ASCII.test(token)) return null;
  return bad(`"token" must be a text of 1 to ${LONGEST_TOKEN} visible ASCII characters`);
}

function selectionFault({ matches, competitions, all }: Fields): Verdict {
  if (all !== undefined && all !== true) return bad('"all" must be true or absent');
  return listFault('matches', matches) ?? listFault('competitions', competitions);
}

function listFault(field: string, ids: unknown): Verdict {
  if (ids === undefined) return null;
  if (!Array.isArray(ids) || ids.length > MOST_ENTRIES) {
    return bad(`"${field}" must be a list of at most ${MOST_ENTRIES} ids`);
  }
  return ids.every((id) => isPlainText(id, LONGEST_ID)) ? null : bad(`Each id in "${field}" ${plainText(LONGEST_ID)}`);
}

function sinceFault(since: unknown): Verdict {
  if (!isFields(since)) return bad('"since" must be an object of positions by match id');
  const ids = Object.keys(since);
  if (ids.length > MOST_ENTRIES) return bad(`"since" must have at most ${MOST_ENTRIES} positions`);
  for (const id of ids) {
    if (!isPlainText(id, LONGEST_ID)) return bad(`Each id in "since" ${plainText(LONGEST_ID)}`);
    if (readPosition(since[id]) === null) return bad('Each position in "since" must be "<epoch>.<version>"');
  }
  return null;
}

/** Characters are counted as JSON Schema does: a surrogate pair is one. */
function isPlainText(value: unknown, longest: number): boolean {
  if (typeof value !== 'string' || value.length > 2 * longest) return false;
  if (PLAIN_ASCII.test(value)) return value.length <= longest;
  if (!PLAIN_TEXT.test(value)) return false;
  return value.length <= longest || [...value].length <= longest;
}

function plainText(longest: number): string {
  return `must be a text of 1 to ${longest} characters without control characters`;
}

function bad(message: string): MessageFault {
  return { code: 'BAD_MESSAGE', message };
}
