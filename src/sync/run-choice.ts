import type { RunKind } from '../domain/sync/run-facts.js';
import type { FeatureMode } from '../kernel/feature-mode.js';
import type { RunCause, RunRow } from './ports/sync-runs.js';
import type { SyncJob } from './sync-job.js';
import type { SyncSchedule } from './sync-schedule.js';

/** What decides about one job, as the database and this instance see it. */
export interface ChoiceFacts {
  readonly job: Pick<SyncJob, 'name' | 'needsFeed' | 'canDiff' | 'schedules'>;
  readonly row: RunRow;
  readonly schedule: SyncSchedule;
  /** database clock, unix ms */
  readonly nowMs: number;
  readonly mode: FeatureMode;
  /** by its flag, and by the host's registry */
  readonly isEnabled: boolean;
  /** does this instance take the feed? */
  readonly hasFeed: boolean;
  readonly limits: ChoiceLimits;
}

export interface ChoiceLimits {
  /** a tick waits that long at most, by chance that is the same in every instance, ms */
  readonly jitterMs: number;
  /** a tick that was missed for longer is left out, ms */
  readonly lateWithinMs: number;
  /** a run that did not complete is tried again after this, ms */
  readonly retryAfterMs: number;
  /** a runner without a sign for that long is dead, ms */
  readonly takeOverAfterMs: number;
}

export type Choice =
  | { readonly does: 'claim'; readonly kind: RunKind | 'diff'; readonly cause: RunCause }
  | { readonly does: 'take-over' }
  | null;

/** What this instance should do about a job now. Pure: the claim itself is decided by the database. */
export function chooseRun(facts: ChoiceFacts): Choice {
  const { job, row, mode, isEnabled, hasFeed, limits } = facts;
  // who compares before switching on has not switched on yet
  const isComparison = row.wanted === 'diff' || row.kind === 'diff';
  if (mode === 'off' || (!isEnabled && !isComparison) || (job.needsFeed && !hasFeed)) return null;
  if (row.runId !== null) return (row.silentMs ?? 0) > limits.takeOverAfterMs ? { does: 'take-over' } : null;
  if (row.wanted !== null) return wanted(facts, row.wanted);
  if (!isEnabled) return null;
  if (mode === 'shadow' && !job.canDiff) return null;
  const choice = ticked(facts) ?? unfinished(facts);
  if (choice === null) return null;
  return { does: 'claim', kind: mode === 'shadow' ? 'diff' : choice.kind, cause: choice.cause };
}

function wanted({ job, mode }: ChoiceFacts, kind: RunKind | 'diff'): Choice {
  if (!job.canDiff && (kind === 'diff' || mode === 'shadow')) return null;
  return { does: 'claim', kind: mode === 'shadow' ? 'diff' : kind, cause: { wanted: kind } };
}

interface Due {
  readonly kind: RunKind;
  readonly cause: RunCause;
}

function ticked({ job, row, schedule, nowMs, limits }: ChoiceFacts): Due | null {
  const tick = schedule.newest(nowMs);
  if (tick === null || (row.tickAtMs !== null && tick.atMs <= row.tickAtMs)) return null;
  const lateMs = nowMs - tick.atMs;
  const everyMs = (schedule.next(tick.atMs) ?? Number.POSITIVE_INFINITY) - tick.atMs;
  if (lateMs > limits.lateWithinMs || lateMs < jitterOf(job, tick.atMs, Math.min(limits.jitterMs, everyMs / 10)))
    return null;
  // nothing complete was ever read: what changed lately is not enough
  return { kind: job.canDiff && row.fullAtMs === null ? 'full' : tick.kind, cause: { tickAtMs: tick.atMs } };
}

/** The first run, and one that did not complete, wait for no schedule. */
function unfinished({ job, row, nowMs, mode, limits }: ChoiceFacts): Due | null {
  const isDue = row.finishedAtMs === null || nowMs - row.finishedAtMs >= limits.retryAfterMs;
  if (!isDue || (mode === 'shadow' && row.verdict === 'complete')) return null;
  const isFirst = job.canDiff ? row.fullAtMs === null : row.completeAtMs === null;
  const isBroken = row.verdict === 'partial' || row.verdict === 'failed';
  if (!isFirst && !isBroken) return null;
  const kind = row.kind === 'full' || (isFirst && job.canDiff) ? 'full' : (job.schedules.at(-1)?.kind ?? 'incremental');
  return { kind, cause: { retry: true } };
}

/** The same in every instance: whoever waited longer would leave all ticks to the others. */
function jitterOf({ name }: Pick<SyncJob, 'name'>, tickAtMs: number, jitterMs: number): number {
  if (jitterMs < 1) return 0;
  let hash = 0;
  for (const char of `${name} ${tickAtMs}`) hash = (hash * 31 + char.charCodeAt(0)) % 1_000_003;
  return hash % Math.floor(jitterMs);
}
