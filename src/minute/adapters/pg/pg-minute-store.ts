import { Injectable, Logger } from '@nestjs/common';
import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import type { Incident } from '../../../domain/match-update.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { type PlatformRow, readInteger, readRows } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import {
  type Acquaintance,
  type DueMinute,
  type FormatDispute,
  type LiveRow,
  type MinuteBasis,
  type MinuteSetting,
  MinuteStore,
  type TickAnswer,
  type TickCircumstances,
} from '../../ports/minute-store.js';
import { ACQUAINT, DISPUTE, HOLD, MATCHES, SETTING, TICK } from './minute-statements.js';

interface AcquaintanceRow {
  readonly external_id: string;
  readonly epoch: number;
  readonly announcements: readonly Incident[];
}

interface MatchOfCompetition {
  readonly external_id: string;
  readonly competition_id: string;
}

/** The minute columns and their tables through the package's own connections. */
@Injectable()
export class PgMinuteStore extends MinuteStore {
  private readonly unreadable = new SampledWarning(new Logger(PgMinuteStore.name), 'A match row cannot be read');

  constructor(private readonly database: Database) {
    super();
  }

  override async tick(due: readonly DueMinute[], { fence, atS, only }: TickCircumstances): Promise<TickAnswer> {
    const input = due.map(({ matchId, basis, minute }) => ({ id: matchId, basis: basisText(basis), minute }));
    const answer = await this.database.query<PlatformRow>(TICK, [JSON.stringify(input), fence, atS, only]);
    const live = answer.filter(({ status_id }) => status_id !== null);
    return {
      rows: readRows(live, toLiveRow, ({ code, message }) => this.unreadable.warn({ code, message })),
      gone: answer.filter(({ status_id }) => status_id === null).map(({ external_id }) => String(external_id)),
    };
  }

  override async hold(matchIds: readonly string[], forMs: number, fence: number | null): Promise<void> {
    await this.database.query(HOLD, [JSON.stringify(matchIds), forMs, fence]);
  }

  override async acquaint(matchIds: readonly string[]): Promise<readonly Acquaintance[]> {
    const rows = await this.database.query<AcquaintanceRow>(ACQUAINT, [matchIds]);
    return rows.map(({ external_id: matchId, epoch, announcements }) => ({ matchId, epoch, announcements }));
  }

  override async setting(competitions: readonly string[], nowS: number | null): Promise<MinuteSetting> {
    const [row] = await this.database.query<Omit<MinuteSetting, 'matches'>>(SETTING, []);
    const { mode = null, formats = [], disputed = [] } = row ?? {};
    const ofTable = formats.flatMap(([scope, id]) => (scope === 'competition' ? [id] : []));
    return { mode, formats, disputed, matches: await this.matchesOf([...competitions, ...ofTable], nowS) };
  }

  private async matchesOf(competitions: readonly string[], nowS: number | null): Promise<MinuteSetting['matches']> {
    if (nowS === null || competitions.length === 0) return [];
    const rows = await this.database.query<MatchOfCompetition>(MATCHES, [competitions, nowS]);
    return rows.map(({ external_id, competition_id }) => [external_id, competition_id]);
  }

  override async dispute({ matchId, format, playedS }: FormatDispute): Promise<void> {
    await this.database.query(DISPUTE, [matchId, format, playedS]);
  }
}

/** The basis in the words of the statement. */
function basisText({ status, kickoffs, fallbackKickoffS }: MinuteBasis): string {
  const { firstHalfS, secondHalfS, overtimeS } = kickoffs;
  const times = [status, firstHalfS ?? '', secondHalfS ?? '', overtimeS ?? ''];
  return [...times, ...(fallbackKickoffS === null ? [] : [fallbackKickoffS])].join('|');
}

function toLiveRow(row: PlatformRow): LiveRow {
  const status = readInteger(row, 'status_id');
  const before = readInteger(row, 'before');
  const written = readInteger(row, 'written');
  return {
    matchId: String(row.external_id),
    version: Number(row.score_version),
    status: isMatchStatus(status) ? status : MatchStatus.NotStarted,
    kickoffs: {
      firstHalfS: readInteger(row, 'first_half_kickoff_ts'),
      secondHalfS: readInteger(row, 'second_half_kickoff_ts'),
      overtimeS: readInteger(row, 'overtime_kickoff_ts'),
    },
    fallbackKickoffS: readInteger(row, 'live_kickoff_time') ?? readInteger(row, 'match_time'),
    minute: written ?? before,
    before,
    written: written !== null,
  };
}
