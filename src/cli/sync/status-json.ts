import { isRunning } from '../../sync/ports/sync-desk.js';
import type { EntityStatus, SyncStatus } from './status.js';

/** The status for programs; times with their zone. */
export function statusJson({ mode, budgetChangedAt, entities }: SyncStatus): unknown {
  return { mode, budget: { changedAt: budgetChangedAt }, entities: entities.map(entityJson) };
}

function entityJson(one: EntityStatus): unknown {
  const { entity, kind, runner, page, verdict, error, watermark, enabled, deletionMarks, diff } = one;
  return {
    entity,
    running: isRunning(one),
    stale: one.isStale,
    kind,
    runner,
    page,
    ...one.counts,
    verdict,
    error,
    startedAt: time(one.startedAtMs),
    heartbeatAt: time(one.heartbeatAtMs),
    finishedAt: time(one.finishedAtMs),
    completeAt: time(one.completeAtMs),
    fullAt: time(one.fullAtMs),
    watermark,
    enabled,
    deletionMarks,
    wanted: one.wanted,
    wantedAt: time(one.wantedAtMs),
    wantedBy: one.wantedBy,
    diff,
  };
}

function time(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
