import type { JobSchedule, RunCounts, RunEnd, RunKind } from '../domain/sync/run-facts.js';

/** One run of one job, as the worker hands it out. */
export interface JobRun {
  readonly job: string;
  readonly kind: RunKind;
  /** carried by statements: who has lost the run writes nothing */
  readonly runId: string;
  /** database clock when the run began, unix ms */
  readonly startedAtMs: number;
  /** newest change of the provider that the last complete run stored, unix seconds; null before the first */
  readonly watermark: number | null;
  /** when the last complete run began, database clock, unix ms; null before the first */
  readonly lastCompleteAtMs: number | null;
  /** first page that is not stored yet: above 1 when the run was taken over from an instance that died */
  readonly page: number;
  /** newest change stored so far by the run that was taken over, unix seconds; null with page 1 */
  readonly newest: number | null;
  /** nothing is written: the run only says what it would change */
  readonly isDiff: boolean;
  /** An operator said that whatever is missing in the list is deleted, however much that is. */
  readonly acceptsDeletions: boolean;
  /** Aborted when the instance stops, the job is paused, or the run was lost to another instance. */
  readonly signal: AbortSignal;
  /** counted up by the job; status and terminal show it while the run goes on */
  readonly counts: RunCounts;
}

/** Something that is done on schedule by one of all instances. One object for the life of the application. */
export abstract class SyncJob {
  /** as in `livescore sync run NAME`, lower case with hyphens */
  abstract readonly name: string;
  /** in words for operators: which worker or job of the platform it replaces */
  abstract readonly replaces: string;
  abstract readonly schedules: readonly JobSchedule[];
  /** Only the instance that takes the feed runs it: what it finds goes through the score writer. */
  abstract readonly needsFeed: boolean;
  /** Never runs twice at once, in whatever instance. Rejects only for a bug: what the world does is a verdict. */
  abstract run(run: JobRun): Promise<RunEnd>;

  /** Says at the start what the platform's tables lack. */
  async prepare(): Promise<void> {}

  /** Can a run of it say what it would change? */
  get canDiff(): boolean {
    return false;
  }

  /** Has it a cursor in the provider's time, as the workers of the platform had? */
  get hasCursor(): boolean {
    return false;
  }

  /** Jobs that go first where both are due. */
  get after(): readonly string[] {
    return [];
  }
}
