import { matchMinute } from '../domain/match-minute.js';
import { isMatchStatus } from '../domain/match-status.js';
import { toInteger } from './field-values.js';
import type { FieldUpdate, MinuteRow } from './ports/legacy-orchestrator.js';

const COMPUTED_PRIORITY = 1;

/** The minute of the one formula, in the shape of the platform's orchestrator. @param nowS unix seconds */
export function minuteField(row: MinuteRow, nowS: number): FieldUpdate | null {
  if (!isMatchStatus(row.status_id)) return null;
  const minute = matchMinute({
    status: row.status_id,
    nowS,
    kickoffs: {
      firstHalfS: toInteger(row.first_half_kickoff_ts),
      secondHalfS: toInteger(row.second_half_kickoff_ts),
      overtimeS: toInteger(row.overtime_kickoff_ts),
    },
    fallbackKickoffS: toInteger(row.live_kickoff_time) ?? toInteger(row.match_time),
  });
  return minute === null
    ? null
    : { field: 'minute', value: minute, source: 'computed', priority: COMPUTED_PRIORITY, timestamp: nowS };
}
