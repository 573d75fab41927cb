import { matchMinute } from '../domain/match-minute.js';
import { isMatchStatus } from '../domain/match-status.js';
import { toInteger } from './overlay-score.js';
import type { FieldUpdate } from './ports/legacy-orchestrator.js';

/** The columns the minute is computed from; `bigint` ones may be text, as `pg` reads them. */
export interface MinuteRow {
  readonly status_id?: unknown;
  readonly match_time?: unknown;
  readonly first_half_kickoff_ts?: unknown;
  readonly second_half_kickoff_ts?: unknown;
  readonly overtime_kickoff_ts?: unknown;
}

const COMPUTED_PRIORITY = 1;

/** @param nowS unix seconds */
export function computeMinute(row: MinuteRow, nowS: number): FieldUpdate | null {
  if (!isMatchStatus(row.status_id)) return null;
  const minute = matchMinute({
    status: row.status_id,
    nowS,
    kickoffs: {
      firstHalfS: toInteger(row.first_half_kickoff_ts),
      secondHalfS: toInteger(row.second_half_kickoff_ts),
      overtimeS: toInteger(row.overtime_kickoff_ts),
    },
    fallbackKickoffS: toInteger(row.match_time),
  });
  return minute === null
    ? null
    : { field: 'minute', value: minute, source: 'computed', priority: COMPUTED_PRIORITY, timestamp: nowS };
}
