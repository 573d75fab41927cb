import { Injectable } from '@nestjs/common';
import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import type { Incident } from '../../../domain/match-update.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import {
  type AnnouncedIncident,
  type JournaledChange,
  type JournaledState,
  RecentChanges,
} from '../../ports/recent-changes.js';
import { RECENT_CHANGES, RECENT_INCIDENTS } from './recent-changes-statement.js';

interface StateJson {
  readonly status: unknown;
  readonly home: unknown;
  readonly away: unknown;
  readonly kickoffs: readonly unknown[];
}

interface ChangeRow extends Omit<JournaledChange, 'before' | 'after' | 'announced' | 'goalIncidents' | 'row'> {
  readonly before: StateJson | null;
  readonly after: StateJson;
  readonly announced: StateJson | null;
  readonly goalIncidents: readonly unknown[] | null;
  readonly row: StateJson | null;
  readonly rowVersion: unknown;
  readonly rowMinute: unknown;
}

interface IncidentRow {
  readonly matchId: string;
  readonly news: unknown;
  readonly announcedAtMs: number;
}

/** `livescore_journal`, `livescore_announced` and `ts_matches` through the package's own connections. */
@Injectable()
export class PgRecentChanges extends RecentChanges {
  constructor(private readonly database: Database) {
    super();
  }

  override async load(withinMs: number, limit: number): Promise<readonly JournaledChange[]> {
    return (await this.database.query<ChangeRow>(RECENT_CHANGES, [withinMs, limit])).map(toChange);
  }

  override async incidents(withinMs: number, limit: number): Promise<readonly AnnouncedIncident[]> {
    return (await this.database.query<IncidentRow>(RECENT_INCIDENTS, [withinMs, limit])).flatMap(toIncident);
  }
}

function toChange({ row, rowVersion, rowMinute, ...change }: ChangeRow): JournaledChange {
  return {
    ...change,
    before: change.before && toState(change.before),
    after: toState(change.after),
    announced: change.announced && toState(change.announced),
    goalIncidents: change.goalIncidents?.filter(isIncident) ?? null,
    row: row && { ...toState(row), version: Number(rowVersion), minute: toInteger(rowMinute) },
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

function toIncident({ news, ...facts }: IncidentRow): readonly AnnouncedIncident[] {
  const { before, after } = (news ?? {}) as { readonly before?: unknown; readonly after?: unknown };
  if (!isIncident(after)) return [];
  return [{ ...facts, after, ...(typeof before === 'object' && before !== null ? { before } : undefined) }];
}

function isIncident(value: unknown): value is Incident {
  if (typeof value !== 'object' || value === null) return false;
  const { type, position, time } = value as Partial<Record<string, unknown>>;
  return [type, position, time].every((field) => typeof field === 'number');
}
