import type { Position } from './position.js';
import type { VersionTold } from './told.js';

/** A match, and the position that somebody has of it. */
export interface After {
  readonly matchId: string;
  readonly after: Position;
}

/** The versions of the journal. Port and injection token in one; without it only memory is asked. */
export abstract class VersionHistory {
  /**
   * The versions after those positions, in order per match, read in one statement; each continues the one before it.
   * @returns by match id; a match is absent when the journal does not reach back so far, or there are too many
   */
  abstract after(wanted: readonly After[]): Promise<ReadonlyMap<string, readonly VersionTold[]>>;
}
