import type { RunCounts, RunEnd, RunKind } from '../../domain/sync/run-facts.js';

/** How a run came to begin. */
export type RunCause =
  /** a moment of its schedule, database clock, unix ms */
  | { readonly tickAtMs: number }
  /** asked for by hand, or by the program, as this kind of run */
  | { readonly wanted: RunKind | 'diff' }
  /** the first one, or one that did not complete */
  | { readonly retry: true };

/** A run as the table knows it. Times are those of the database, unix ms. */
export interface RunRow {
  readonly entity: string;
  /** null between runs */
  readonly runId: string | null;
  readonly kind: RunKind | 'diff' | null;
  readonly startedAtMs: number | null;
  /** since the runner last gave a sign; null between runs */
  readonly silentMs: number | null;
  readonly page: number;
  readonly newest: number | null;
  readonly counts: RunCounts;
  readonly tickAtMs: number | null;
  readonly verdict: string | null;
  readonly finishedAtMs: number | null;
  readonly completeAtMs: number | null;
  /** the last complete full run; null: one is due */
  readonly fullAtMs: number | null;
  /** unix seconds */
  readonly watermark: number | null;
  readonly wanted: RunKind | 'diff' | null;
}

/** Everything that decides about runs, read in one statement. */
export interface SyncLook {
  readonly rows: readonly RunRow[];
  /** database clock, unix ms */
  readonly nowMs: number;
  /** rows of `livescore_setting` about the sync, by name */
  readonly settings: ReadonlyMap<string, string>;
}

/** What became of a cursor of the platform's old workers. */
export interface AdoptedCursor {
  readonly entity: string;
  /** unix seconds as stored */
  readonly value: string;
  /** false: it lies in the future, or is none: the entity is read from the start */
  readonly isSound: boolean;
}

/**
 * The store keeps the runs of all instances: one row per entity and job, claimed by compare-and-set on the database's
 * clock. Port and injection token in one.
 */
export abstract class SyncRuns {
  /**
   * Creates the rows that are missing, and takes over the cursors of `ts_sync_state` for them.
   * @param cursored of these, those that have a cursor of their own
   */
  abstract enrol(entities: readonly string[], cursored: readonly string[]): Promise<readonly AdoptedCursor[]>;

  abstract look(): Promise<SyncLook>;

  /** @returns the claimed run, null when another instance was first, a run is under way, or the tick was taken */
  abstract claim(entity: string, kind: RunKind | 'diff', cause: RunCause, runner: string): Promise<RunRow | null>;

  /** Takes a run over whose runner has given no sign for that long. */
  abstract takeOver(run: RunRow, silentMs: number, runner: string): Promise<RunRow | null>;

  /** A sign of life. @returns false when the run belongs to another instance */
  abstract beat(entity: string, runId: string, counts: RunCounts): Promise<boolean>;

  /** Ends the run; a complete one moves the watermark in the same commit. @returns false when it was lost */
  abstract finish(run: FinishedRun): Promise<boolean>;

  /** Leaves a run for another instance to take over at once. */
  abstract release(entity: string, runId: string): Promise<void>;

  /** Asks for a run. @returns the database's clock, unix ms; null when there is no such row */
  abstract want(entity: string, kind: RunKind | 'diff', by: string): Promise<number | null>;

  /** The next run of these reads everything. */
  abstract requireFull(entities: readonly string[]): Promise<void>;

  /** Was this setting on? It holds once: it is off from now on. */
  abstract takeSetting(name: string): Promise<boolean>;
}

export interface FinishedRun extends RunEnd {
  readonly entity: string;
  readonly runId: string;
  readonly kind: RunKind | 'diff';
  readonly counts: RunCounts;
  /** the old cursor of the platform is kept up to date, so that its worker can go on where we end */
  readonly givesBack: boolean;
}
