import type { DiffResult } from '../domain/sync/diff-result.js';
import { NOTHING_DONE } from '../domain/sync/run-facts.js';
import type { RunRow } from '../sync/ports/sync-runs.js';

/** The store in memory holds a run as this row. */
export interface SyncRunRow extends Omit<RunRow, 'silentMs'> {
  readonly heartbeatAtMs: number;
  readonly error: string | null;
  readonly diff: DiffResult | null;
}

/** The row of an entity or job that never ran. */
export function emptyRun(entity: string): SyncRunRow {
  const never = { startedAtMs: null, tickAtMs: null, finishedAtMs: null, completeAtMs: null, fullAtMs: null };
  const nothing = { runId: null, kind: null, verdict: null, watermark: null, wanted: null, error: null, diff: null };
  return { ...never, ...nothing, entity, page: 1, newest: null, counts: NOTHING_DONE, heartbeatAtMs: 0 };
}
