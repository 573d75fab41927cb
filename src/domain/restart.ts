import { isOver, MatchStatus } from './match-status.js';

/** R4: does the move begin the match again? Back to not started, or from out of play into a first half already left. */
export function isRestart(from: MatchStatus, reached: MatchStatus, to: MatchStatus): boolean {
  if (to === MatchStatus.NotStarted) return from !== MatchStatus.NotStarted;
  return to === MatchStatus.FirstHalf && isOver(from) && from !== MatchStatus.Ended && reached > MatchStatus.FirstHalf;
}
