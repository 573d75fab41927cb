import type { MatchStatus } from '../../domain/match-status.js';
import type { Slots } from '../../domain/score.js';
import type { ForeignWriterMode } from './foreign-writers.js';

/** The row as it was before somebody else wrote; null: the row had no score in slots. */
export interface RowBefore {
  readonly status: MatchStatus;
  readonly home: Slots | null;
  readonly away: Slots | null;
}

/** The trace says what became of one foreign write, as the trigger or `livescore revert` noted it. */
export interface ForeignWrite {
  readonly matchId: string;
  readonly mode: string;
  /**
   * passed: written, by a program; admin: written, by an administrator; held-off: the row kept its values; reverted: what
   * the direct path had written was taken back.
   */
  readonly result: 'passed' | 'admin' | 'held-off' | 'reverted';
  readonly before: RowBefore;
}

export interface ForeignWriterNews {
  readonly mode: ForeignWriterMode;
  /** sources that the trigger takes for an authority; null: those of the default */
  readonly authorities: readonly string[] | null;
  /** oldest first; each is handed out once, to one process */
  readonly writes: readonly ForeignWrite[];
}

/**
 * The store keeps mode, traces and protection against writers that are not ours, in the database. Port and injection
 * token in one.
 */
export abstract class ForeignWriteStore {
  /** The mode in force, and what happened since anybody asked last, at most `limit` of it. */
  abstract read(limit: number): Promise<ForeignWriterNews>;
  /** Tells the trigger which sources are an authority. */
  abstract nameAuthorities(sources: readonly string[]): Promise<void>;
  /** Protects the rows for so long from now on, unless they are for longer already. Rows that are locked are left out. */
  abstract protect(matchIds: readonly string[], protectMs: number): Promise<void>;
  /**
   * Nothing protects these rows any more.
   * @returns those of them that somebody else has locked: they are protected still
   */
  abstract unprotect(matchIds: readonly string[]): Promise<readonly string[]>;
  /** Ids of all matches that are protected now. Looks at the whole table. */
  abstract protectedMatches(): Promise<readonly string[]>;
  /** Deletes traces beyond the newest `keep` ones. */
  abstract prune(keep: number): Promise<void>;
}
