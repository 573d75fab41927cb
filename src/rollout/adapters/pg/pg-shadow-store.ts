import { Injectable, Logger } from '@nestjs/common';
import type { Side } from '../../../domain/match-event.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { type PlatformRow, readCount, readInteger, readRows, toSlots } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import {
  type LegacyRow,
  type LegacyRows,
  type OpenGoal,
  type ShadowFindings,
  ShadowStore,
} from '../../ports/shadow-store.js';
import { OPEN_GOALS, RECORD, ROWS } from './shadow-statements.js';

interface Row extends PlatformRow {
  readonly at_ms: number;
  /** null: no match exists, and this row only tells the time */
  readonly external_id: string | null;
}

/** `ts_matches`, only read, and `livescore_shadow` with its goals, through the package's own connections. */
@Injectable()
export class PgShadowStore extends ShadowStore {
  private readonly unreadable = new SampledWarning(new Logger('Shadow'), 'A match row cannot be compared');

  constructor(private readonly database: Database) {
    super();
  }

  override async rows(matchIds: readonly string[]): Promise<LegacyRows> {
    const answer = await this.database.query<Row>(ROWS, [matchIds]);
    const found = answer.filter(({ external_id }) => external_id !== null);
    const rows = readRows(found, toLegacyRow, ({ message, code }) => this.unreadable.warn({ code, message }));
    return { atMs: answer[0]?.at_ms ?? Number.NaN, rows: new Map(rows) };
  }

  override openGoals(matchIds: readonly string[]): Promise<readonly OpenGoal[]> {
    return this.database.query<OpenGoal>(OPEN_GOALS, [matchIds]);
  }

  override async record({ tallies, goals, cancelled }: ShadowFindings): Promise<void> {
    await this.database.query(RECORD, [JSON.stringify(tallies), JSON.stringify(goals), JSON.stringify(cancelled)]);
  }
}

function toLegacyRow(row: Row): [string, LegacyRow] {
  const shown = (side: Side) => readCount(row, `${side}_score_display`) ?? readCount(row, `${side}_score_regular`) ?? 0;
  const slots = (side: Side) => toSlots(row[`${side}_scores`]);
  const status = readInteger(row, 'status_id');
  return [
    String(row.external_id),
    { status, home: shown('home'), away: shown('away'), homeSlots: slots('home'), awaySlots: slots('away') },
  ];
}
