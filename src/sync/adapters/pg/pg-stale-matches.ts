import { Injectable, Logger, Optional } from '@nestjs/common';
import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { type PlatformRow, readInteger, readRows } from '../../../platform/read-value.js';
import { Database, ReadDatabase } from '../../../postgres/database.js';
import { type ListedMark, type MarkedMatch, StaleMatches, type WatchedMatch } from '../../ports/stale-matches.js';
import { LIST_MARKS, READ_WATCHED, SAVE_MARKS } from './stale-match-statements.js';

/** Times that say when somebody wrote score or status, or heard the feed with them. Of `updated_at` that is not true. */
const SIGNS = ['seen_s', 'last_event_ts', 'status_id_timestamp', 'home_score_timestamp', 'away_score_timestamp'];
/** A time further ahead of our clock is no sign of anything, seconds. */
const AHEAD_S = 60;

/** `ts_matches` and `livescore_stale_match` through the package's own connections. */
@Injectable()
export class PgStaleMatches extends StaleMatches {
  private readonly unreadable = new SampledWarning(new Logger(PgStaleMatches.name), 'A match row cannot be read');
  private readonly reads: Database;

  /** @param reads connections of those who only read, where there are some: no writer waits for a list */
  constructor(
    private readonly database: Database,
    @Optional() reads?: ReadDatabase,
  ) {
    super();
    this.reads = reads ?? database;
  }

  override async read(nowS: number, limit: number): Promise<readonly WatchedMatch[]> {
    const rows = await this.database.query<PlatformRow>(READ_WATCHED, [nowS, limit]);
    const read = (row: PlatformRow) => toWatched(row, nowS);
    return readRows(rows, read, ({ code, message }) => this.unreadable.warn({ code, message }));
  }

  override save(marks: readonly MarkedMatch[], cleared: readonly string[], nowS: number, fence: number | null) {
    const input = JSON.stringify(marks.map(toInput));
    return this.database.query<{ matchId: string; reason: string }>(SAVE_MARKS, [input, cleared, nowS, fence]);
  }

  override list(limit: number): Promise<readonly ListedMark[]> {
    return this.reads.query<ListedMark>(LIST_MARKS, [limit]);
  }
}

function toInput({ matchId, reason, sinceMs, askedAtMs, staleAtMs }: MarkedMatch) {
  return { id: matchId, reason, since: sinceMs, asked: askedAtMs, stale: staleAtMs };
}

function toWatched(row: PlatformRow, nowS: number): WatchedMatch {
  const status = readInteger(row, 'status_id');
  const signs = SIGNS.map((column) => readInteger(row, column) ?? 0).filter((atS) => atS > 0 && atS <= nowS + AHEAD_S);
  return {
    matchId: String(row.external_id),
    status: isMatchStatus(status) ? status : MatchStatus.NotStarted,
    kickoffs: {
      firstHalfS: readInteger(row, 'first_half_kickoff_ts'),
      secondHalfS: readInteger(row, 'second_half_kickoff_ts'),
      overtimeS: readInteger(row, 'overtime_kickoff_ts'),
    },
    legacyKickoffS: readInteger(row, 'live_kickoff_time'),
    matchTimeS: readInteger(row, 'match_time'),
    statusSinceS: readInteger(row, 'status_id_timestamp'),
    minute: readInteger(row, 'minute'),
    hasScore: row.has_score === true,
    lastSignS: signs.length === 0 ? null : Math.max(...signs),
    mark: toMark(row),
  };
}

function toMark(row: PlatformRow): WatchedMatch['mark'] {
  if (row.reason === null) return null;
  return {
    reason: String(row.reason),
    sinceMs: Number(row.since_ms),
    askedAtMs: row.asked_ms === null ? null : Number(row.asked_ms),
    staleAtMs: row.stale_ms === null ? null : Number(row.stale_ms),
  };
}
