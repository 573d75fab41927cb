/** A journaled write is one change in the journal, as far as it tells whose it is. */
export interface JournaledWrite {
  readonly matchId: string;
  readonly competitionId: string | null;
  readonly epoch: number;
  readonly version: number;
  readonly source: string;
  /** unix ms, database clock */
  readonly committedAtMs: number;
}

/** The changes `first` to `last` of one match: its row is to be again as it was before the first. */
export interface ChangeRange {
  readonly matchId: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

/** What readers see of a match. */
export interface ShownState {
  readonly status: number | null;
  /** display score */
  readonly home: number | null;
  readonly away: number | null;
}

/** The answer says what became of one range, or would become of it. */
export type RevertAnswer =
  | {
      readonly matchId: string;
      /** `locked`: somebody holds the row, or wrote it a moment ago */
      readonly result: 'would-revert' | 'reverted' | 'locked';
      readonly from: ShownState;
      readonly to: ShownState;
    }
  | {
      readonly matchId: string;
      /**
       * `newer-write`: the row is not as the last change left it; `unknown-before`: the journal does not say what was
       * there before the first; `unreadable`: the row holds a value that cannot be what its column means
       */
      readonly result: 'no-row' | 'newer-write' | 'unknown-before' | 'unreadable';
    };

/** The store takes back what was written to match rows. Port and injection token in one. */
export abstract class RevertStore {
  /**
   * The journal by match, epoch and version.
   * @param matchId null: of every match
   * @param sinceMs committed from then on, unix ms; null: all of it
   */
  abstract writes(matchId: string | null, sinceMs: number | null): Promise<readonly JournaledWrite[]>;

  /** What {@link revert} would do now. Ranges that the journal does not have are left out. */
  abstract preview(ranges: readonly ChangeRange[]): Promise<readonly RevertAnswer[]>;

  /**
   * Puts each row back that is free and still as the last change of its range left it: score, status, kick-offs and both
   * times, as a new version with a journal row of source `revert` and a note for the hosts, in one statement.
   * @param ranges at most one per match
   */
  abstract revert(ranges: readonly ChangeRange[]): Promise<readonly RevertAnswer[]>;
}
