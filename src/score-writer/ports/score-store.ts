import type { MatchState } from '../../domain/match-state.js';
import type { Incident, UpdateSource } from '../../domain/match-update.js';

/** A write is one change to commit: `next` replaces version `expectedVersion` of the row. */
export interface ScoreWrite {
  readonly expectedVersion: number;
  readonly next: MatchState;
  readonly source: UpdateSource;
  readonly catchUp: boolean;
  /** of a change that announces or takes back goals: what names the scorers; else null */
  readonly goalIncidents: readonly Incident[] | null;
  /** receipt of the frame that carried the change, our clock, unix ms */
  readonly receivedAtMs: number;
  /** our clock, unix seconds: the `*_timestamp` columns */
  readonly atS: number;
}

/** What somebody else wrote, and stands. */
export interface AcceptedRow {
  /** as it was believed to be; null when nothing was known of it */
  readonly known: MatchState | null;
  readonly next: MatchState;
  /** `fingerprint` of the row as it was loaded: one that changed since is left alone */
  readonly fingerprint: string;
  /** Every column that readers use follows the slots of `next`; else they stay as they are. */
  readonly byAuthority: boolean;
}

/** The store reads and writes the match rows, as far as the guard needs them. Port and injection token in one. */
export abstract class ScoreStore {
  /**
   * The rows that exist among `matchIds`, each with what our journal last announced. A row with a value that cannot be
   * what its column means is left out like one that is not there, with a warning that names match, column and kind.
   */
  abstract load(matchIds: readonly string[]): Promise<ReadonlyMap<string, MatchState>>;

  /**
   * Which of these matches have a row that differs from the given state in version, status, score or kick-offs, in
   * any column readers use? A state that was loaded is compared as it was loaded. Missing rows count as different.
   */
  abstract findChanged(states: readonly MatchState[]): Promise<readonly string[]>;

  /**
   * Commits each change whose row still has the expected version, with its journal row, in one statement. A row that
   * is locked by somebody else is left out, not waited for.
   * @param writes at most one per match
   * @param fence nothing is written when the lease of the feed has a higher one; absent or null: nobody leases the feed
   * @param protectMs for how long foreign writers are held off the rows; absent or null: as before
   * @returns the indexes of the committed ones; of the others the caller finds out why by loading them
   * @throws the driver's error; see `classify`. When the connection broke the fate of the whole batch is unknown
   */
  abstract write(
    writes: readonly ScoreWrite[],
    fence?: number | null,
    protectMs?: number | null,
  ): Promise<ReadonlySet<number>>;

  /** Ids of live rows, at most `limit`. */
  abstract findLive(limit: number): Promise<readonly string[]>;

  /**
   * Makes a version of each row that somebody else wrote, with a journal row of source `foreign`, in one
   * statement. Rows that changed again, or that somebody has locked, are left alone.
   * @param atS our clock, unix seconds
   * @returns the match ids of the versions that were made
   */
  abstract acceptForeign(
    rows: readonly AcceptedRow[],
    atS: number,
    fence?: number | null,
  ): Promise<ReadonlySet<string>>;

  /**
   * As `write`, of one change that failed alone, beside the others: it may fail or hang again without holding them up.
   * @returns whether it was committed
   */
  async writeApart(write: ScoreWrite, fence?: number | null, protectMs?: number | null): Promise<boolean> {
    return (await this.write([write], fence, protectMs)).has(0);
  }
}
