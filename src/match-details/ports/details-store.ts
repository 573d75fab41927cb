import type { StoredCommentary } from '../../domain/commentary-list.js';
import type { CountedScore, StoredIncident } from '../../domain/incident-list.js';
import type { StatisticsDocument } from '../../domain/statistics-document.js';

/** Which of the three documents a read or a write is about. */
export interface DetailParts {
  readonly statistics: boolean;
  readonly incidents: boolean;
  readonly commentary: boolean;
}

/** The documents asked for, as they are stored; null when absent or not of their kind (object, list, list). */
export interface StoredDetails {
  readonly statistics: StatisticsDocument | null;
  readonly incidents: readonly StoredIncident[] | null;
  readonly commentary: readonly StoredCommentary[] | null;
  /** the counts of the row; null when it has none, or when incidents were not asked for */
  readonly score: CountedScore | null;
  /** stands for the content of the documents asked for */
  readonly fingerprint: string;
}

/** New documents for one match, made from what `load` gave for the same parts. */
export interface DetailsChange {
  readonly matchId: string;
  readonly parts: DetailParts;
  readonly fingerprint: string;
  /** absent documents stay as they are */
  readonly statistics?: StatisticsDocument;
  readonly incidents?: readonly StoredIncident[];
  readonly commentary?: readonly StoredCommentary[];
  /** incidents that the new list no longer names: kept apart, for audit */
  readonly withdrawn?: readonly StoredIncident[];
  /** incident keys to announce */
  readonly announce: readonly string[];
}

/** `busy`: nothing was written: the row is locked, its documents changed since they were read, or the fence is too low. */
export type SaveResult =
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'saved';
      /** the keys of `announce` that nobody had announced before */
      readonly announced: readonly string[];
    };

/** The statistics, incidents and commentary of `ts_matches`, and the announced incidents. Port and token in one. */
export abstract class DetailsStore {
  /** Null when there is no such match. */
  abstract load(matchId: string, parts: DetailParts): Promise<StoredDetails | null>;

  /**
   * Writes documents and announcements in one commit, if the documents still are what was read. Never waits for a
   * locked row. Leaves everything else of the row alone.
   * @param fence nothing is written when the lease of the feed has a higher one; absent or null: nobody leases the feed
   */
  abstract save(change: DetailsChange, fence?: number | null): Promise<SaveResult>;
}
