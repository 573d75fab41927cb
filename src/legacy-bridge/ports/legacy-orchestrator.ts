import type { UpdateSource } from '../../domain/match-update.js';

/** A caller of the platform's orchestrator wants this of one column of `ts_matches`. */
export interface FieldUpdate {
  /** column name */
  readonly field: string;
  readonly value: unknown;
  readonly source: UpdateSource;
  /** taken for the callers' sake; never used, as before */
  readonly priority: number;
  /** unix seconds, an integer */
  readonly timestamp: number;
}

/** The columns the minute is computed from; `bigint` ones may be text, as `pg` reads them. */
export interface MinuteRow {
  readonly status_id?: unknown;
  readonly match_time?: unknown;
  readonly live_kickoff_time?: unknown;
  readonly first_half_kickoff_ts?: unknown;
  readonly second_half_kickoff_ts?: unknown;
  readonly overtime_kickoff_ts?: unknown;
}

/** The result says what became of one call. */
export interface UpdateResult {
  readonly status: 'success' | 'retry' | 'rejected';
  readonly reason?: string;
  /** accepted columns, without those of provenance */
  readonly fieldsUpdated?: string[];
}

/** The event `match:updated` carries this. */
export interface MatchUpdated {
  readonly matchId: string;
  /** columns that changed */
  readonly fields: string[];
  readonly source: string;
}

/**
 * The port is the platform's own orchestrator, for matches that are not on the direct path. The host binds it when its
 * callers are switched to `OrchestratorFacade` while the rollout runs. Port and injection token in one.
 */
export abstract class LegacyOrchestrator {
  abstract updateMatch(matchId: string, updates: readonly FieldUpdate[], sourceName: string): Promise<UpdateResult>;
  /** Its events; `match:updated` is passed on to the listeners of `LegacyEvents`. */
  on?(event: 'match:updated', listener: (event: MatchUpdated) => void): unknown;
}
