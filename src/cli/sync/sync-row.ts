import type { RunCounts, RunKind, RunVerdict } from '../../domain/sync/run-facts.js';
import type { FeatureMode } from '../../kernel/feature-mode.js';

/** A run by hand can also compare, and write nothing. */
export type WishKind = RunKind | 'diff';

/** One row of `livescore_sync_status`, with the database's clock when it was read. Times are unix ms. */
export interface SyncRow {
  readonly entity: string;
  /** the run under way; null between runs */
  readonly runId: string | null;
  /** of the run under way, or the last one */
  readonly kind: WishKind | null;
  readonly runner: string | null;
  readonly startedAtMs: number | null;
  readonly heartbeatAtMs: number | null;
  /** first page that is not stored yet */
  readonly page: number;
  readonly counts: Readonly<RunCounts>;
  /** of the last run that ended */
  readonly verdict: RunVerdict | null;
  readonly error: string | null;
  readonly finishedAtMs: number | null;
  /** when the last complete run began */
  readonly completeAtMs: number | null;
  /** when the last complete full run began */
  readonly fullAtMs: number | null;
  /** the next incremental run asks for changes since then, unix seconds */
  readonly watermark: number | null;
  readonly wanted: WishKind | null;
  readonly wantedAtMs: number | null;
  readonly wantedBy: string | null;
  /** result of the last comparison, as it is stored */
  readonly diff: unknown;
  /** as it is set at run time; null: the options of each host hold */
  readonly enabled: boolean | null;
  readonly nowMs: number;
}

/** What is known of the sync before anything is done. */
export interface SyncOverview {
  /** set for all hosts; null: their options hold */
  readonly mode: FeatureMode | null;
  readonly names: readonly string[];
}

/** Without a heartbeat for that long another instance takes the run over. */
const STALE_AFTER_MS = 60_000;

export function isRunning({ runId }: SyncRow): boolean {
  return runId !== null;
}

/** Its runner is gone, and nobody has taken the run over. */
export function isStale(row: SyncRow): boolean {
  return isRunning(row) && (row.heartbeatAtMs ?? 0) < row.nowMs - STALE_AFTER_MS;
}
