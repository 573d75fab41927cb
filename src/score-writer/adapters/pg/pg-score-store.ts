import { Injectable, Logger } from '@nestjs/common';
import type { MatchState } from '../../../domain/match-state.js';
import { SampledWarning } from '../../../kernel/sampled-warning.js';
import { readRows } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import { type AcceptedRow, ScoreStore, type ScoreWrite } from '../../ports/score-store.js';
import { ACCEPT, toAcceptInput } from './accept-statement.js';
import { FIND_CHANGED, FIND_LIVE, fingerprint } from './drift-statement.js';
import { LOAD, type MatchRow, toMatchState } from './match-row.js';
import { bind, bindMany } from './score-statement.js';

const ALL_OF: ReadonlySet<number>[] = [];

/** `ts_matches` and `livescore_journal` through the package's own connections. */
@Injectable()
export class PgScoreStore extends ScoreStore {
  private readonly unreadable = new SampledWarning(new Logger(PgScoreStore.name), 'A match row cannot be read');

  constructor(private readonly database: Database) {
    super();
  }

  override async load(matchIds: readonly string[]): Promise<ReadonlyMap<string, MatchState>> {
    const rows = await this.database.query<MatchRow>(LOAD, [matchIds]);
    const states = readRows(rows, toMatchState, ({ message, code }) => this.unreadable.warn({ code, message }));
    return new Map(states.map((state) => [state.matchId, state]));
  }

  override async findChanged(states: readonly MatchState[]): Promise<readonly string[]> {
    const believed = [states.map(({ matchId }) => matchId), states.map(fingerprint)];
    const rows = await this.database.query<{ id: string }>(FIND_CHANGED, believed);
    return rows.map(({ id }) => id);
  }

  override async findLive(limit: number): Promise<readonly string[]> {
    // in one value: thousands of rows would cost more to read than they say
    const [row] = await this.database.query<{ ids: readonly string[] }>(FIND_LIVE, [limit]);
    return row?.ids ?? [];
  }

  override async acceptForeign(
    accepted: readonly AcceptedRow[],
    atS: number,
    fence: number | null = null,
  ): Promise<ReadonlySet<string>> {
    const input = accepted.map((row) => toAcceptInput(row, atS)).sort((a, b) => (a.id < b.id ? -1 : 1));
    const rows = await this.database.query<{ id: string }>(ACCEPT, [JSON.stringify(input), fence]);
    return new Set(rows.map(({ id }) => id));
  }

  override async write(
    writes: readonly ScoreWrite[],
    fence: number | null = null,
    protectMs: number | null = null,
  ): Promise<ReadonlySet<number>> {
    const { statement, values } = bind(writes, fence, protectMs);
    const { rows, count } = await this.database.queryOnDedicatedConnection<{ match_id: string }>(statement, values);
    if (count === writes.length) return allOf(count);
    const written = new Set(rows.map((row) => row.match_id));
    return new Set(writes.flatMap(({ next }, n) => (written.has(next.matchId) ? [n] : [])));
  }

  /** On any free connection: the dedicated one is for the others. */
  override async writeApart(
    write: ScoreWrite,
    fence: number | null = null,
    protectMs: number | null = null,
  ): Promise<boolean> {
    const { statement, values } = bindMany([write], fence, protectMs);
    return (await this.database.query(statement, values)).length > 0;
  }
}

/** The numbers of so many writes. One set for each size, since most statements write all of their rows. */
function allOf(count: number): ReadonlySet<number> {
  const known = ALL_OF[count];
  if (known) return known;
  const all = new Set(Array(count).keys());
  ALL_OF[count] = all;
  return all;
}
