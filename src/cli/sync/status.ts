import type { Client } from 'pg';
import type { FeatureMode } from '../../kernel/feature-mode.js';
import { isStale, type SyncRow } from '../../sync/ports/sync-desk.js';

/** One entity or job, with what the provider has deleted of it. */
export interface EntityStatus extends SyncRow {
  readonly isStale: boolean;
  /** ids that the provider has deleted and not listed again */
  readonly deletionMarks: number;
}

export interface SyncStatus {
  /** set for all hosts; null: their options hold */
  readonly mode: FeatureMode | null;
  /** when an instance last took requests from the budget that all share; null: none ever did */
  readonly budgetChangedAt: Date | null;
  readonly entities: readonly EntityStatus[];
}

const MARKS = `
SELECT d.entity, count(*)::integer AS marks FROM livescore_sync_deleted d
WHERE (d.entity = ANY($1::text[])) AND (d.listed_at IS NULL) GROUP BY d.entity`;

const BUDGET = 'SELECT max(b.changed_at) AS at FROM livescore_provider_budget b';

/** What the rows do not tell. */
export async function readStatus(
  client: Client,
  mode: FeatureMode | null,
  rows: readonly SyncRow[],
): Promise<SyncStatus> {
  const names = rows.map(({ entity }) => entity);
  const marks = await client.query<{ entity: string; marks: number }>(MARKS, [names]);
  const budget = await client.query<{ at: Date | null }>(BUDGET);
  const marksOf = new Map(marks.rows.map(({ entity, marks: count }) => [entity, count]));
  return {
    mode,
    budgetChangedAt: budget.rows[0]?.at ?? null,
    entities: rows.map((row) => ({ ...row, isStale: isStale(row), deletionMarks: marksOf.get(row.entity) ?? 0 })),
  };
}

/** Somebody should look: a run without a host, or a last run that did not come to its end. */
export function needsAttention({ isStale: stale, verdict, enabled }: EntityStatus): boolean {
  return enabled !== false && (stale || verdict === 'failed' || verdict === 'partial');
}
