import type { RunCounts, RunKind } from '../domain/sync/run-facts.js';

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
