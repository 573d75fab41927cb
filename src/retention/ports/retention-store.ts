/** What a batch did, and where the next one goes on. */
export interface PrunedBatch {
  readonly deleted: number;
  /** commit of the newest row that was looked at, unix ms; null when nothing older than the limit is left after it */
  readonly untilMs: number | null;
}

/** What is kept for a time. Port and injection token in one. A batch looks at 1,000 rows at most. */
export abstract class RetentionStore {
  /**
   * Deletes journal and announcements of matches whose last change is older, that are over or have no row any more, and
   * none of whose predictions waits for anything. Goes through the journal by time.
   * @param afterMs rows committed later than this are looked at, unix ms
   */
  abstract pruneJournal(days: number, afterMs: number): Promise<PrunedBatch>;

  /** Deletes dead letters received longer ago that nobody wants tried again. @returns how many */
  abstract pruneLetters(days: number): Promise<number>;

  /** Deletes older decisions of the automatic rollout. @returns how many */
  abstract pruneDecisions(days: number): Promise<number>;
}
