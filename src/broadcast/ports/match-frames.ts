// Generated from docs/protocol/*.schema.json by `npm run protocol:types`: change those, not this.
import type { MatchEvent } from '../../domain/match-event.js';
import type { MatchClock } from '../../domain/match-minute.js';
import type { MatchStatus } from '../../domain/match-status.js';

/** What is proven by a position: score, status and kick-offs of the committed row. */
export interface ProvenState {
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** `<epoch>.<version>` of the row: one value, not to be taken apart */
  readonly position: string;
  /** status of the match by the provider's codes, 0–13 */
  readonly statusId: MatchStatus;
  /** display score, shoot-out goals included */
  readonly homeScore: number;
  /** display score, shoot-out goals included */
  readonly awayScore: number;
  /** all counts of the row */
  readonly scores: {
    /** seven counts: regular, half-time, red cards, yellow cards, corners (-1: not known), extra time, shoot-out */
    readonly home: readonly number[];
    /** seven counts: regular, half-time, red cards, yellow cards, corners (-1: not known), extra time, shoot-out */
    readonly away: readonly number[];
  };
  /** when the periods began */
  readonly kickoffs: {
    /** unix seconds; null: not begun, or not known */
    readonly firstHalf: number | null;
    /** unix seconds; null: not begun, or not known */
    readonly secondHalf: number | null;
    /** unix seconds; null: not begun, or not known */
    readonly overtime: number | null;
  };
  /** who wrote this version, as `mqtt`, `api`, `admin`; `foreign` or `unknown` when it is not known */
  readonly source: string;
  /** receipt of the update that made this version, unix ms */
  readonly receivedAt: number;
}

/** A card was shown in a match. */
export interface CardView {
  /** stands for the card in this list */
  readonly key: string;
  /** a second yellow card is a red one */
  readonly cardType: 'YELLOW' | 'RED';
  /** minute of the incident */
  readonly time: number;
  /** whose; null when not known */
  readonly team: 'home' | 'away' | null;
  /** the provider's id of the player; null when not known */
  readonly playerId: string | null;
  /** name of the player; null when not known */
  readonly playerName: string | null;
}

/** A player was substituted in a match. */
export interface SubstitutionView {
  /** stands for the substitution in this list */
  readonly key: string;
  /** minute of the incident */
  readonly time: number;
  /** whose; null when not known */
  readonly team: 'home' | 'away' | null;
  /** who comes on; null when not known */
  readonly inPlayerId: string | null;
  /** name of who comes on; null when not known */
  readonly inPlayerName: string | null;
  /** who goes off; null when not known */
  readonly outPlayerId: string | null;
  /** name of who goes off; null when not known */
  readonly outPlayerName: string | null;
}

/** A prediction was made about a match. */
export interface PredictionView {
  /** id of the prediction */
  readonly predictionId: string;
  /** who predicted */
  readonly botName: string;
  /** the market and the side of it, as it was written: `MS 2.5 ÜST` */
  readonly prediction: string;
  /** as it stands now */
  readonly result: 'pending' | 'won' | 'lost' | 'cancelled';
  /** which rule spoke, for example `instant_win_ms`; null before a result */
  readonly resultReason: string | null;
  /** goals of the period of the market, `2-1`; null when nothing is known of it */
  readonly finalScore: string | null;
}

/** State beside the position: whole lists, each replaces the one before. */
export interface MatchDetails {
  /** all cards, by minute */
  readonly cards: readonly CardView[];
  /** all substitutions, by minute */
  readonly substitutions: readonly SubstitutionView[];
  /** all predictions about the match */
  readonly predictions: readonly PredictionView[];
}

/** A snapshot shows a match as this. */
export interface MatchView extends ProvenState, MatchDetails {
  /** the provider's id of the competition; null when not known */
  readonly competitionId: string | null;
  /** who has it ticks by itself */
  readonly clock: MatchClock;
}

/** The first frame to a client that connected with `?protocol=2`. */
export interface WelcomeFrame {
  readonly type: 'WELCOME';
  readonly protocol: 2;
  /** the longest time between two frames of the server, ms */
  readonly pingIntervalMs: number;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/**
 * Matches as they are now: the answer to SUBSCRIBE, or, without being asked, what the client could not know or must
 * replace.
 */
export interface SnapshotFrame {
  readonly type: 'SNAPSHOT';
  /** of the SUBSCRIBE that it answers; absent where that had none, and where nobody asked */
  readonly id?: string;
  /** false: a position that the client has cannot be continued from, and its match is shown anew */
  readonly recovered: boolean;
  /** the newest state of each match that the client is behind on; those it has are left out */
  readonly matches: readonly MatchView[];
  /** asked for by id, and not known */
  readonly unknown: readonly string[];
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The frame tells one committed version, with the whole proven state. */
export interface ChangeFrame extends ProvenState {
  readonly type: 'CHANGE';
  /** the position that this frame continues; a client that has another one missed something */
  readonly previous: string;
  readonly clock: MatchClock;
  /** what happened, in order; of a conflated frame: of its last version alone */
  readonly events: readonly MatchEvent[];
  /** clock of the process that committed, unix ms */
  readonly committedAt: number;
  /** found by recovery: its goals are old news */
  readonly catchUp?: true;
  /** missed, and told again on request */
  readonly replayed?: true;
  /** several versions in one frame: the client reads slowly, or those between are not known */
  readonly conflated?: true;
  /** somebody else wrote the row without a new version: same position, other content */
  readonly restated?: true;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** Cards, substitutions or predictions of a match: the lists that are named replace those before, the others stay. */
export interface DetailsFrame {
  readonly type: 'DETAILS';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** all cards, by minute */
  readonly cards?: readonly CardView[];
  /** all substitutions, by minute */
  readonly substitutions?: readonly SubstitutionView[];
  /** all predictions about the match */
  readonly predictions?: readonly PredictionView[];
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The clock of a match moved without a new version: added time was announced, or its format is known now. */
export interface ClockFrame {
  readonly type: 'CLOCK';
  /** `external_id` of the match: the provider's id, opaque */
  readonly matchId: string;
  /** the position that the clock was read with */
  readonly position: string;
  readonly clock: MatchClock;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The answer to UNSUBSCRIBE. */
export interface UnsubscribedFrame {
  readonly type: 'UNSUBSCRIBED';
  /** of the UNSUBSCRIBE that it answers */
  readonly id?: string;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The answer to AUTHENTICATE with a token that is known. */
export interface AuthenticatedFrame {
  readonly type: 'AUTHENTICATED';
  /** of the AUTHENTICATE that it answers */
  readonly id?: string;
  /** unix ms; absent when the identity does not expire */
  readonly expiresAt?: number;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The answer to PING. */
export interface PongFrame {
  readonly type: 'PONG';
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** Sent when nothing else was for a while. No answer is expected. */
export interface PingFrame {
  readonly type: 'PING';
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** Stable codes; `message` is for people. */
export type ErrorCode =
  | 'BAD_JSON'
  | 'BAD_MESSAGE'
  | 'UNKNOWN_TYPE'
  | 'UNSUPPORTED_PROTOCOL'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'UNAUTHORIZED'
  | 'TOKEN_EXPIRED'
  | 'FORBIDDEN'
  | 'REFUSED'
  | 'UNAVAILABLE'
  | 'INTERNAL';

/** A message was not followed. The connection stays open. */
export interface ErrorFrame {
  readonly type: 'ERROR';
  /** of the message that was not followed, when it could be read */
  readonly id?: string;
  readonly code: ErrorCode;
  /** for people: it may change */
  readonly message: string;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** The connection is about to be closed; come back after `retryAfterMs` and resume. */
export interface GoodbyeFrame {
  readonly type: 'GOODBYE';
  /** why */
  readonly reason: 'shutdown' | 'slow' | 'expired' | 'abuse';
  /** milliseconds */
  readonly retryAfterMs: number;
  /** sending time by the clock of the server, unix ms */
  readonly timestamp: number;
}

/** A server of protocol 2 sends one of these frames. */
export type ServerFrame =
  | WelcomeFrame
  | SnapshotFrame
  | ChangeFrame
  | DetailsFrame
  | ClockFrame
  | UnsubscribedFrame
  | AuthenticatedFrame
  | PongFrame
  | PingFrame
  | ErrorFrame
  | GoodbyeFrame;

/** A selection names what is meant: at least one of the three. */
export interface Selection {
  /** ids of matches */
  readonly matches?: readonly string[];
  /** ids of competitions: their matches, those to come included */
  readonly competitions?: readonly string[];
  /** every match that is live or changed within the last hours */
  readonly all?: true;
}

/** Asks for matches, beside those asked for before. The answer is a SNAPSHOT, then changes follow. */
export interface SubscribeMessage extends Selection {
  readonly type: 'SUBSCRIBE';
  /** another one is refused */
  readonly protocol?: 2;
  /** comes back in the answer */
  readonly id?: string;
  /** position by match id: what the client has */
  readonly since?: Readonly<Record<string, string>>;
  /** every missed change instead of the newest state */
  readonly replay?: boolean;
}

/** Without a selection: from everything. */
export interface UnsubscribeMessage extends Selection {
  readonly type: 'UNSUBSCRIBE';
  /** comes back in the answer */
  readonly id?: string;
}

/** Tells who the client is, or renews a token before it expires. */
export interface AuthenticateMessage {
  readonly type: 'AUTHENTICATE';
  /** comes back in the answer */
  readonly id?: string;
  /** as the server knows it, visible ASCII characters */
  readonly token: string;
}

/** Keeps the connection open on its way. The answer is PONG. */
export interface PingMessage {
  readonly type: 'PING';
  /** of the client; any value, it is not read */
  readonly timestamp?: number;
}

/** A client of protocol 2 sends one of these messages. */
export type ClientMessage = SubscribeMessage | UnsubscribeMessage | AuthenticateMessage | PingMessage;
