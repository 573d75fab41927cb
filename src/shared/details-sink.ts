import type { MatchUpdate } from '../domain/match-update.js';

/** Where statistics, incidents and commentary go. Port between the direct path and the details writer. */
export abstract class DetailsSink {
  /** Takes what the updates carry beside the score; never throws, never waits. */
  abstract submit(updates: readonly MatchUpdate[]): void;
}
