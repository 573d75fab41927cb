import type { MatchState } from '../../domain/match-state.js';

/** Who ends a match, and why. */
export interface EndWord {
  readonly by: string;
  readonly reason: string;
}

/**
 * Ends a match that is being played, by an operator's word: one version and one journal row with who and why. Port and injection
 * token in one.
 */
export abstract class MatchEnd {
  /** @throws LiveScoreError `LIVESCORE_NO_MATCH`; `LIVESCORE_NOT_IN_PLAY` */
  abstract look(matchId: string): Promise<MatchState>;

  /**
   * Ends it, if it is still as it was looked at.
   * @returns as it is afterwards
   * @throws LiveScoreError `LIVESCORE_MATCH_CHANGED`; `LIVESCORE_MATCH_LOCKED` when somebody holds its row for seconds
   */
  abstract end(before: MatchState, word: EndWord): Promise<MatchState>;
}
