import type { FieldUpdate } from '../../src/rollout/index.js';

export type LegacySource = FieldUpdate['source'];

/** Who may write a column. */
export interface FieldRule {
  readonly preferred: LegacySource;
  /** null: none */
  readonly fallback: LegacySource | null;
  readonly nullable: boolean;
  readonly watchdogMayForce: boolean;
  readonly writeOnce: boolean;
}

const NO_EXTRAS = { nullable: true, watchdogMayForce: false, writeOnce: false };
const SCORE: FieldRule = { preferred: 'mqtt', fallback: 'api', ...NO_EXTRAS };
const API_ONLY: FieldRule = { preferred: 'api', fallback: null, ...NO_EXTRAS };
const KICKOFF: FieldRule = { ...API_ONLY, writeOnce: true };

/**
 * As the original had them, with the strange ones: the feed is only second choice for the status, and may not write
 * `last_event_ts` at all. A column without a rule is always accepted.
 */
export const FIELD_RULES: ReadonlyMap<string, FieldRule> = new Map([
  ['home_score_display', SCORE],
  ['away_score_display', SCORE],
  ['status_id', { preferred: 'api', fallback: 'mqtt', nullable: false, watchdogMayForce: true, writeOnce: false }],
  ['minute', { preferred: 'computed', fallback: 'api', ...NO_EXTRAS }],
  ['first_half_kickoff_ts', KICKOFF],
  ['second_half_kickoff_ts', KICKOFF],
  ['overtime_kickoff_ts', KICKOFF],
  ['provider_update_time', API_ONLY],
  ['last_event_ts', { ...API_ONLY, watchdogMayForce: true }],
  ['ended', { ...API_ONLY, watchdogMayForce: true }],
  ['match_time', API_ONLY],
  ['home_team_id', API_ONLY],
  ['away_team_id', API_ONLY],
  ['competition_id', API_ONLY],
  ['season_id', API_ONLY],
  ['last_minute_update_ts', { preferred: 'computed', fallback: null, ...NO_EXTRAS }],
  ['trend_data', API_ONLY],
]);

/** Columns that remember who wrote them and when, and the first part of the names of the two columns that do so. */
export const PROVENANCE: ReadonlyMap<string, string> = new Map([
  ['home_score_display', 'home_score'],
  ['away_score_display', 'away_score'],
  ['minute', 'minute'],
  ['status_id', 'status_id'],
]);
