import type { RolloutChange, RolloutSnapshot, RolloutStage, RolloutStep } from '../../ports/rollout-store.js';

/** One row of `livescore_rollout`. */
export interface ChangeRow {
  readonly id: string;
  readonly stage: RolloutStage;
  readonly percent: number;
  readonly allow_matches: readonly string[];
  readonly deny_matches: readonly string[];
  readonly allow_competitions: readonly string[];
  readonly deny_competitions: readonly string[];
  readonly step_plan: readonly RolloutStep[] | null;
  readonly latched: boolean;
  readonly changed_ms: number;
  readonly changed_by: string;
  readonly reason: string;
}

/** Without a change its columns are NULL. */
export interface SnapshotRow extends Omit<ChangeRow, 'id'> {
  readonly id: string | null;
  readonly pins: Readonly<Record<string, 'legacy' | 'direct'>>;
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

export function toChange(row: ChangeRow): RolloutChange {
  return {
    id: Number(row.id),
    stage: row.stage,
    percent: row.percent,
    allowMatches: row.allow_matches,
    denyMatches: row.deny_matches,
    allowCompetitions: row.allow_competitions,
    denyCompetitions: row.deny_competitions,
    stepPlan: row.step_plan,
    latched: row.latched,
    changedAtMs: Math.round(row.changed_ms),
    changedBy: row.changed_by,
    reason: row.reason,
  };
}

export function toSnapshot(row: SnapshotRow): RolloutSnapshot {
  const { id } = row;
  return {
    change: id === null ? null : toChange({ ...row, id }),
    pins: new Map(Object.entries(row.pins)),
    allowedByCompetition: new Set(row.allowed),
    deniedByCompetition: new Set(row.denied),
  };
}
