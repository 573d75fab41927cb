import { Injectable, Logger } from '@nestjs/common';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { type PlatformRow, readRows, type UnreadableValueError } from '../../../platform/read-value.js';
import { ReadDatabase } from '../../../postgres/database.js';
import { lacksRight, lacksSchema, sqlState } from '../../../postgres/sql-state.js';
import { type BoardRow, BoardStore, type JournalHead, type JournalHeads } from '../../ports/board-store.js';
import { toBoardRow } from './board-row.js';
import { CURRENT_MATCHES, HEADS, LOAD_BOARD, LOAD_BOARD_ALONE } from './board-statements.js';

/** Matches of one statement: the answers of more would hold up whoever else reads. */
const MOST_IDS = 500;

interface HeadRow {
  readonly matchId: string;
  /** null: details moved */
  readonly epoch: number | null;
  readonly version: number | null;
  readonly firstEpoch: number | null;
  readonly firstVersion: number | null;
  /** versions of the match that were looked at */
  readonly seen: number | null;
  readonly atMs: number;
}

/** `ts_matches`, journal, formats and predictions through the connections of those who only read. */
@Injectable()
export class PgBoardStore extends BoardStore {
  private readonly logger = new Logger(PgBoardStore.name);
  private readonly unreadable = new SampledWarning(this.logger, 'A match row cannot be read');
  private hasPredictions = true;

  constructor(private readonly database: ReadDatabase) {
    super();
  }

  override async current(withinMs: number, limit: number): Promise<readonly BoardRow[]> {
    const rows = await this.database.query<{ readonly id: string }>(CURRENT_MATCHES, [withinMs, limit]);
    return this.load(rows.map(({ id }) => id));
  }

  override async load(matchIds: readonly string[]): Promise<readonly BoardRow[]> {
    // no text of the database holds this character: a statement with it would fail for all
    const ids = [...new Set(matchIds)].filter((id) => !id.includes('\0'));
    const found: BoardRow[] = [];
    for (let at = 0; at < ids.length; at += MOST_IDS) {
      const rows = await this.rowsOf(ids.slice(at, at + MOST_IDS));
      found.push(...readRows(rows, toBoardRow, (error) => this.refuse(error)));
    }
    return found;
  }

  override async heads(withinMs: number, limit: number): Promise<JournalHeads> {
    const rows = await this.database.query<HeadRow>(HEADS, [withinMs, limit]);
    const versions = rows.flatMap((row) => toHead(row) ?? []);
    const details = rows.flatMap(({ epoch, matchId, atMs }) => (epoch === null ? [{ matchId, atMs }] : []));
    return { versions, details, isCut: rows.reduce((sum, { seen }) => sum + (seen ?? 0), 0) >= limit };
  }

  /** A host without predictions is found once; the statement that found it is asked again without them. */
  private async rowsOf(ids: readonly string[]): Promise<readonly PlatformRow[]> {
    if (!this.hasPredictions) return this.database.query<PlatformRow>(LOAD_BOARD_ALONE, [ids]);
    try {
      return await this.database.query<PlatformRow>(LOAD_BOARD, [ids]);
    } catch (error) {
      if (!lacksSchema(error) && !lacksRight(error)) throw error;
      const rows = await this.database.query<PlatformRow>(LOAD_BOARD_ALONE, [ids]);
      if (this.hasPredictions) {
        this.logger.warn('Predictions cannot be read: clients are shown none', { code: sqlState(error) });
      }
      this.hasPredictions = false;
      return rows;
    }
  }

  private refuse({ code, message }: UnreadableValueError): void {
    this.unreadable.warn({ code, message });
  }
}

function toHead({ matchId, epoch, version, firstEpoch, firstVersion, atMs }: HeadRow): JournalHead | undefined {
  if (epoch === null || version === null || firstEpoch === null || firstVersion === null) return undefined;
  const first = { epoch: firstEpoch, version: firstVersion };
  return { matchId, position: { epoch, version }, first, committedAtMs: atMs };
}
