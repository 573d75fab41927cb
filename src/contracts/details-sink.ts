import type { MatchUpdate } from '../domain/match-update.js';
import type { Receipt } from './update-sink.js';

/** Where statistics, incidents and commentary go. Port between the direct path and the details writer. */
export abstract class DetailsSink {
  /**
   * Takes what the updates carry beside the score; never throws, never waits.
   * @param receipt told the fate of the details of every update that has some, and nothing about the others
   */
  abstract submit(updates: readonly MatchUpdate[], receipt?: Receipt): void;

  /** Is anything of the match not written yet? Whoever keeps nothing leaves it at that. */
  holds(_matchId: string): boolean {
    return false;
  }

  /** What is not written of the match is dropped, and settled as superseded. */
  forget(_matchId: string): void {}
}
