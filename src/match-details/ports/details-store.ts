import type { StoredCommentary } from '../../domain/commentary-list.js';
import type { CountedScore, IncidentNews, StoredIncident } from '../../domain/incident-list.js';
import type { StatisticsDocument } from '../../domain/statistics-document.js';

/** Which of the three documents a read or a write is about. */
export interface DetailParts {
  readonly statistics: boolean;
  readonly incidents: boolean;
  readonly commentary: boolean;
}

/** The store holds the documents asked for, null when absent or not of their kind (object, list, list). */
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
  /** what each of them tells, in the same order: kept beside its key, so that it can be told again */
  readonly news?: readonly IncidentNews[];
}

/** The documents of one match that are asked for. */
export interface WantedDetails {
  readonly matchId: string;
  readonly parts: DetailParts;
}

/**
 * The store keeps the statistics, incidents and commentary of `ts_matches`, and the announced incidents. Port and token
 * in one.
 */
export abstract class DetailsStore {
  /**
   * By match id, without the matches that have no row.
   * @param wanted each match once
   */
  abstract load(wanted: readonly WantedDetails[]): Promise<ReadonlyMap<string, StoredDetails>>;

  /**
   * Writes documents and announcements in one commit, of each match whose documents still are what was read. Never waits
   * for a locked row: it is left out. Leaves everything else of the rows alone.
   * @param changes each match once
   * @param fence nothing is written when the lease of the feed has a higher one; absent or null: nobody leases the feed
   * @returns by match id, of those that were written: the keys of `announce` that nobody had announced before
   */
  abstract save(
    changes: readonly DetailsChange[],
    fence?: number | null,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
}
