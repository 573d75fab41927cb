import { Injectable } from '@nestjs/common';
import type { Slots } from '../../../domain/score.js';
import { Database } from '../../../postgres/database.js';
import {
  type LegacyRow,
  type LegacyRows,
  type OpenGoal,
  type ShadowFindings,
  ShadowStore,
} from '../../ports/shadow-store.js';
import { OPEN_GOALS, RECORD, ROWS } from './shadow-statements.js';

interface Row {
  readonly at_ms: number;
  readonly id: string | null;
  readonly status: number | null;
  readonly home: number;
  readonly away: number;
  readonly home_scores: unknown;
  readonly away_scores: unknown;
}

/** `ts_matches`, only read, and `livescore_shadow` with its goals, through the package's own connections. */
@Injectable()
export class PgShadowStore extends ShadowStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async rows(matchIds: readonly string[]): Promise<LegacyRows> {
    const answer = await this.database.query<Row>(ROWS, [matchIds]);
    const rows = new Map<string, LegacyRow>();
    for (const row of answer) if (row.id !== null) rows.set(row.id, toLegacyRow(row));
    return { atMs: answer[0]?.at_ms ?? Number.NaN, rows };
  }

  override openGoals(matchIds: readonly string[]): Promise<readonly OpenGoal[]> {
    return this.database.query<OpenGoal>(OPEN_GOALS, [matchIds]);
  }

  override async record({ tallies, goals, cancelled }: ShadowFindings): Promise<void> {
    await this.database.query(RECORD, [JSON.stringify(tallies), JSON.stringify(goals), JSON.stringify(cancelled)]);
  }
}

function toLegacyRow({ status, home, away, home_scores, away_scores }: Row): LegacyRow {
  return { status, home, away, homeSlots: toSlots(home_scores), awaySlots: toSlots(away_scores) };
}

function toSlots(json: unknown): Slots | null {
  const whole = Array.isArray(json) && json.length === 7 && json.every(Number.isInteger);
  return whole ? (json as unknown as Slots) : null;
}
