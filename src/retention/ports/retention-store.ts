/**
 * The list names what is kept for a time, in the order in which it goes: nothing goes before what is read together with
 * it.
 */
export const RETAINED_KINDS = [
  'journal',
  'announcements',
  'progress',
  'withdrawn',
  'disputes',
  'verdicts',
  'letters',
  'decisions',
  'comparisons',
  'deletions',
  'questions',
] as const;
/** A kind is one of {@link RETAINED_KINDS}. */
export type RetainedKind = (typeof RETAINED_KINDS)[number];

/** The answer says what a batch deleted, or would delete, and where the next one goes on. */
export interface PrunedBatch {
  /** table → rows; a table without one may be missing */
  readonly rows: Readonly<Record<string, number>>;
  /** hand it to the next batch of the same kind; null after the last one */
  readonly after: string | null;
}

/** The size says how much a table of the package holds: cheap to read, and therefore an estimate. */
export interface TableSize {
  readonly table: string;
  /** as of the last ANALYZE or autovacuum; null before the first one */
  readonly rows: number | null;
  /** with its indexes */
  readonly bytes: number;
  /** age of the oldest row, seconds; null for a table without rows or without an order of time */
  readonly oldestS: number | null;
}

/**
 * The store holds what is kept for a time. Port and injection token in one. A kind is gone through in batches from null
 * to null; each looks at 1,000 rows or 50 matches at most.
 *
 * - `journal`: journal, announcements and progress of the settlement of matches whose last change is older, that are over or
 *   have no row any more, and none of whose predictions waits for anything; a match as a whole
 * - `announcements`, `progress`, `withdrawn`, `disputes`: what is left of such matches without any journal
 * - `verdicts`: revisions of such matches without journal and progress, when the newest of a match is older
 * - `letters`: received earlier, and not marked to be tried again
 * - `decisions`, `comparisons`: of the automatic rollout, and of matches in shadow that were compared last before
 * - `deletions`: marks that the provider took back before, and older marks of matches that have no row
 * - `questions`: when the provider was last asked about single rows
 */
export abstract class RetentionStore {
  /** Deletes the next batch of what is older than `days`. */
  abstract prune(kind: RetainedKind, days: number, after: string | null): Promise<PrunedBatch>;

  /** Counts what {@link prune} would delete with everything else as it is. Changes nothing. */
  abstract count(kind: RetainedKind, days: number, after: string | null): Promise<PrunedBatch>;

  /** The tables of the package that exist, by name. Reads no table as a whole. */
  abstract sizes(): Promise<readonly TableSize[]>;
}
