import type { MatchFormat } from '../../domain/match-format.js';
import type { MatchState } from '../../domain/match-state.js';
import type { MatchDetails } from './match-frames.js';
import type { Position } from './position.js';

/** The row is a match as the database has it now: the position was read with the state, in one statement. */
export interface BoardRow {
  readonly position: Position;
  readonly state: Pick<MatchState, 'matchId' | 'status' | 'home' | 'away' | 'kickoffs' | 'fallbackKickoffS' | 'minute'>;
  /** as the table of formats has it, of the match before that of its competition; null when it says nothing */
  readonly format: MatchFormat | null;
  /** added time that was announced for the present period, by the incidents of the row; minutes, null when none */
  readonly addedMinutes: number | null;
  readonly competitionId: string | null;
  /** who wrote the newest version; `unknown` when the journal does not say */
  readonly source: string;
  /** of the newest version by the journal, else of the row, unix ms */
  readonly receivedAtMs: number;
  readonly details: MatchDetails;
}

/** A match that has a version that was committed lately. */
export interface JournalHead {
  readonly matchId: string;
  /** the newest version */
  readonly position: Position;
  /** the oldest of the versions that were looked at */
  readonly first: Position;
  /** of the latest commit, clock of the store, unix ms */
  readonly committedAtMs: number;
}

/** A match whose incidents were announced, or whose predictions were settled, lately. */
export interface DetailsHead {
  readonly matchId: string;
  /** of the newest of them, clock of the store, unix ms */
  readonly atMs: number;
}

/** The heads are the newest versions and details that the journal tells. */
export interface JournalHeads {
  /** in the order of commit */
  readonly versions: readonly JournalHead[];
  readonly details: readonly DetailsHead[];
  /** more versions were committed in the time than were to be looked at: the oldest are left out */
  readonly isCut: boolean;
}

/**
 * The store answers what gateways read, over connections of their own: never those of the writer. Port and injection
 * token in one; without it only what is told while the process runs is known.
 */
export abstract class BoardStore {
  /**
   * The matches that are live, or changed within the last `withinMs` by the clock of the store; at most `limit`, those that
   * changed last. A row that cannot be read is left out.
   */
  abstract current(withinMs: number, limit: number): Promise<readonly BoardRow[]>;

  /** Those of these matches that exist and can be read, each once. */
  abstract load(matchIds: readonly string[]): Promise<readonly BoardRow[]>;

  /**
   * What was committed within the last `withinMs` by the clock of the store.
   * @param limit versions that are looked at, the newest
   */
  abstract heads(withinMs: number, limit: number): Promise<JournalHeads>;
}
