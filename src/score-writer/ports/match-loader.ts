import type { MatchState } from '../../domain/match-state.js';

/**
 * What the writer knows of a match after it was asked to look. `no-row`: there is none; `late`: no answer in time;
 * `not-ours`: this process stands by, without the lease of the feed.
 */
export type LoadedMatch = MatchState | 'no-row' | 'late' | 'not-ours';

/** For those who say only a part of a score and need the rest of it. Port and injection token in one. */
export abstract class MatchLoader {
  /**
   * Lets the writer load the match, unless it knows it already.
   * @returns what the next update is judged against, updates that wait for the row included. It is as old as the turn of
   * the event loop in which it is told
   */
  abstract load(matchId: string, timeoutMs: number): Promise<LoadedMatch>;
}
