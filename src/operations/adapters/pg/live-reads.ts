import type { ReadDatabase, Statement } from '../../../postgres/database.js';
import type { ForeignWritersStored, ForeignWriteStored, LiveMatch, LiveStored } from '../../facts.js';
import { FOREIGN_WRITERS, FOREIGN_WRITES, FOUND_BY_ID, FOUND_BY_NAME, LIVE, MATCHES, ROW } from './live-statements.js';
import type { MatchNames } from './match-names.js';

interface MatchFactsRow extends Omit<LiveMatch, 'score' | 'home' | 'away' | 'competition'> {
  readonly homeScore: number | null;
  readonly awayScore: number | null;
}

/** A row of `ts_matches` with what only one match is asked for. */
export interface SingleMatch extends LiveMatch {
  readonly startS: number | null;
  readonly providerS: number | null;
  readonly updatedAtMs: number | null;
}

const NO_FOREIGN_WRITERS: Omit<ForeignWritersStored, 'last'> = {
  mode: 'off',
  changedAtMs: null,
  changedBy: null,
  reason: null,
  lastHour: {},
};

/** What is live, by the rows and the journal, on the connections of those who only read. */
export class LiveReads {
  constructor(
    private readonly database: ReadDatabase,
    private readonly names: MatchNames,
  ) {}

  async live(): Promise<LiveStored> {
    const [live] = await this.database.query<LiveStored>(LIVE, []);
    return { count: live?.count ?? 0, changesLastMinute: live?.changesLastMinute ?? 0, lease: live?.lease ?? null };
  }

  /** In play. */
  async matches(): Promise<readonly LiveMatch[]> {
    return this.named(await this.database.query<MatchFactsRow>(MATCHES, []));
  }

  /** Null: there is no such row. */
  async match(matchId: string): Promise<SingleMatch | null> {
    type Row = MatchFactsRow & Pick<SingleMatch, 'startS' | 'providerS' | 'updatedAtMs'>;
    const rows = await this.database.query<Row>(ROW, [matchId]);
    const [row] = rows;
    const [match] = await this.named(rows);
    if (!row || !match) return null;
    return { ...match, startS: row.startS, providerS: row.providerS, updatedAtMs: row.updatedAtMs };
  }

  async search(text: string): Promise<readonly LiveMatch[]> {
    const byId = await this.found(FOUND_BY_ID, text);
    return byId.length > 0 ? byId : this.found(FOUND_BY_NAME, text);
  }

  async foreignWriters(): Promise<ForeignWritersStored> {
    const [setting] = await this.database.query<Omit<ForeignWritersStored, 'last'>>(FOREIGN_WRITERS, []);
    const last = await this.database.query<ForeignWriteStored>(FOREIGN_WRITES, []);
    return { ...(setting ?? NO_FOREIGN_WRITERS), last };
  }

  private async found(statement: Statement, text: string): Promise<readonly LiveMatch[]> {
    return this.named(await this.database.query<MatchFactsRow>(statement, [text]));
  }

  private async named(rows: readonly MatchFactsRow[]): Promise<readonly LiveMatch[]> {
    await this.names.learn(rows.map(({ matchId }) => matchId));
    return rows.map((row) => ({
      matchId: row.matchId,
      ...this.names.of(row.matchId),
      status: row.status,
      score: [row.homeScore, row.awayScore],
      minute: row.minute,
      source: row.source,
      epoch: row.epoch,
      version: row.version,
      changedS: row.changedS,
      seenS: row.seenS,
    }));
  }
}
