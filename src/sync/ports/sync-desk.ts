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
  /** entities and jobs that hosts keep */
  readonly names: readonly string[];
  /** of them, the entities, parents first: those that are run by hand */
  readonly entities: readonly string[];
  /** of these, the lists of the provider: they can be compared */
  readonly lists: readonly string[];
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

/** A run that somebody asks for. */
export interface Wish {
  readonly kind: WishKind;
  readonly by: string;
  readonly reason: string | null;
  /** the next full run may mark more than half of the table as deleted */
  readonly acceptsDeletions: boolean;
}

/** When a wish may be written. `between-runs`: no run is under way, and nobody else waits for one; `at-once`: in any case. */
export type WishMoment = 'between-runs' | 'at-once';

/** What operators share with the hosts: a row per entity, and a wish for a run in it. Port and injection token in one. */
export abstract class SyncDesk {
  abstract overview(): Promise<SyncOverview>;
  /** In the order of their names; unknown names have no row. */
  abstract rows(names: readonly string[]): Promise<readonly SyncRow[]>;
  /** @returns when it was asked for, unix ms by the database; null when the moment is not right */
  abstract ask(name: string, wish: Wish, moment: WishMoment): Promise<number | null>;
  /** @returns false when a host has begun with it, or somebody else has replaced it */
  abstract takeBack(name: string, wishedAtMs: number, by: string): Promise<boolean>;
}
