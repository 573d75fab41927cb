import { Injectable } from '@nestjs/common';
import { readMatchFormat } from '../../../domain/match-format.js';
import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import type { Incident } from '../../../domain/match-update.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';
import { ReadDatabase } from '../../../postgres/database.js';
import {
  type AnnouncedIncident,
  type JournaledChange,
  type JournaledState,
  type JournalSlice,
  RecentChanges,
  type TimesOfMatch,
  type WantedVersions,
} from '../../ports/recent-changes.js';
import { CHANGES_AFTER, RECENT_CHANGES, RECENT_INCIDENTS } from './recent-changes-statement.js';

interface StateJson {
  readonly status: unknown;
  readonly home: unknown;
  readonly away: unknown;
  readonly kickoffs: unknown;
}

interface ChangeRow
  extends Omit<JournaledChange, 'before' | 'after' | 'announced' | 'goalIncidents' | 'row' | 'times'> {
  readonly before: StateJson | null;
  readonly after: StateJson;
  readonly announced: StateJson | null;
  readonly goalIncidents: readonly unknown[] | null;
  readonly row: StateJson | null;
  readonly rowVersion: unknown;
  readonly rowMinute: unknown;
}

interface TimedChangeRow extends ChangeRow {
  readonly times: Readonly<Record<'kickoff' | 'format' | 'ofCompetition' | 'announcements', unknown>>;
}

interface IncidentRow {
  readonly matchId: string;
  readonly news: unknown;
  readonly announcedAtMs: number;
}

/** `livescore_journal`, `livescore_announced` and `ts_matches` through the connections of those who only read. */
@Injectable()
export class PgRecentChanges extends RecentChanges {
  constructor(private readonly database: ReadDatabase) {
    super();
  }

  override async load(withinMs: number, limit: number): Promise<readonly JournaledChange[]> {
    return (await this.database.query<ChangeRow>(RECENT_CHANGES, [withinMs, limit])).map(toChange);
  }

  override async incidents(withinMs: number, limit: number): Promise<readonly AnnouncedIncident[]> {
    return (await this.database.query<IncidentRow>(RECENT_INCIDENTS, [withinMs, limit])).flatMap(toIncident);
  }

  override async after(wanted: readonly WantedVersions[], limit: number): Promise<JournalSlice> {
    const rows = await this.database.query<TimedChangeRow>(CHANGES_AFTER, [
      wanted.map(({ matchId }) => matchId),
      wanted.map(({ after }) => after.epoch),
      wanted.map(({ after }) => after.version),
      limit + 1,
    ]);
    const changes = rows.slice(0, limit).map(({ times, ...row }) => ({ ...toChange(row), times: toTimes(times) }));
    return { changes, isCut: rows.length > limit };
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

function toTimes({ kickoff, format, ofCompetition, announcements }: TimedChangeRow['times']): TimesOfMatch {
  return {
    fallbackKickoffS: toInteger(kickoff),
    format: readMatchFormat(format) ?? readMatchFormat(ofCompetition),
    announcements: Array.isArray(announcements) ? announcements.filter(isIncident) : [],
  };
}

function toState({ status: code, home, away, kickoffs }: StateJson): JournaledState {
  const [firstHalfS = null, secondHalfS = null, overtimeS = null] = (Array.isArray(kickoffs) ? kickoffs : []).map(
    toInteger,
  );
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
