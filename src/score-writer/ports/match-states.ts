import type { MatchState } from '../../domain/match-state.js';

/** What the writer holds of a match, for those who move matches between writers. */
export abstract class MatchStates {
  /** What the next update of the match would be judged against; null when the writer knows nothing of it. */
  abstract peek(matchId: string): MatchState | null;
  /** Ids of all matches the writer holds a state of. */
  abstract held(): readonly string[];
  /**
   * Writes what is accepted, then forgets the match: the next update loads the row again. Resolves when it is forgotten,
   * at the latest after `timeoutMs`; what could not be written by then is dropped, and settled `dead/left-unwritten`.
   * @returns whether everything was written
   */
  abstract release(matchId: string, timeoutMs: number): Promise<boolean>;

  /** The row of this match has no minute, whatever was believed of it: the provider's next answer writes it again. */
  minuteIsMissing(_matchId: string): void {}
}
