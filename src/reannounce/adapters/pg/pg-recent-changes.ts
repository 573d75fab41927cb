import { Injectable } from '@nestjs/common';
import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import type { Incident, UpdateSource } from '../../../domain/match-update.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import {
  type CurrentRow,
  type JournaledChange,
  type JournaledState,
  RecentChanges,
} from '../../ports/recent-changes.js';
import { RECENT_CHANGES } from './recent-changes-statement.js';

interface StateJson {
  readonly status: unknown;
  readonly home: unknown;
  readonly away: unknown;
  readonly kickoffs: readonly unknown[];
}

interface ChangeRow {
  readonly match_id: string;
  readonly epoch: number;
  readonly version: string;
  readonly source: UpdateSource | 'foreign';
  readonly catch_up: boolean;
  readonly before: StateJson | null;
  readonly after: StateJson;
  readonly announced: StateJson | null;
  readonly received_ms: string | null;
  readonly committed_ms: string;
  readonly row_version: string | null;
  readonly row_minute: unknown;
  readonly row: StateJson | null;
  readonly minute: number | null;
  readonly goal_incidents: readonly unknown[] | null;
}

/** `livescore_journal` and `ts_matches` through the package's own connections. */
@Injectable()
export class PgRecentChanges extends RecentChanges {
  constructor(private readonly database: Database) {
    super();
  }

  override async load(withinMs: number, limit: number): Promise<readonly JournaledChange[]> {
    return (await this.database.query<ChangeRow>(RECENT_CHANGES, [withinMs, limit])).map(toChange);
  }
}

function toChange(row: ChangeRow): JournaledChange {
  const committedAtMs = Number(row.committed_ms);
  return {
    matchId: row.match_id,
    epoch: row.epoch,
    version: Number(row.version),
    source: row.source,
    catchUp: row.catch_up,
    before: row.before && toState(row.before),
    after: toState(row.after),
    minute: row.minute,
    goalIncidents: (row.goal_incidents ?? []).filter(isIncident),
    announced: row.announced && toState(row.announced),
    receivedAtMs: row.received_ms === null ? committedAtMs : Number(row.received_ms),
    committedAtMs,
    row: row.row && toCurrentRow(row.row, row),
  };
}

function toCurrentRow(state: StateJson, { row_version, row_minute }: ChangeRow): CurrentRow {
  return {
    ...toState(state),
    version: Number(row_version),
    minute: toInteger(row_minute),
  };
}

function toState({ status: code, home, away, kickoffs }: StateJson): JournaledState {
  const [firstHalfS = null, secondHalfS = null, overtimeS = null] = kickoffs.map(toInteger);
  const status = toInteger(code);
  return {
    status: isMatchStatus(status) ? status : MatchStatus.NotStarted,
    home: toSlots(home),
    away: toSlots(away),
    kickoffs: { firstHalfS, secondHalfS, overtimeS },
  };
}

function isIncident(value: unknown): value is Incident {
  if (typeof value !== 'object' || value === null) return false;
  const { type, position, time } = value as Partial<Record<string, unknown>>;
  return [type, position, time].every((field) => typeof field === 'number');
}
