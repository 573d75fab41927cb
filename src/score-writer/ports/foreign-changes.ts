import type { MatchState } from '../../domain/match-state.js';

/** Tells the world what others did to a row: as a change of score and state, never as a goal. */
export abstract class ForeignChanges {
  abstract publish(before: MatchState, after: MatchState): void;
  /** Was exactly this version of the row told already? */
  abstract knows(state: MatchState): boolean;
}
