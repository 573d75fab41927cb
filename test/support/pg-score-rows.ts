import pg from 'pg';
import { displayScore, type Slots } from '../../src/domain/score.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgScoreStore } from '../../src/score-writer/adapters/pg/pg-score-store.js';
import type { ForeignChange, JournalRow, ScoreStoreHarness } from '../contracts/score-store.contract.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { PATIENT_POSTGRES } from './patient-postgres.js';

/** A migrated database of its own, the store on it, and a second connection that does what legacy jobs do. */
export class PgScoreRows implements ScoreStoreHarness {
  private constructor(
    private readonly database: TestDatabase,
    readonly connection: PgDatabase,
    readonly store: PgScoreStore,
    readonly sql: pg.Client,
  ) {}

  static async open(): Promise<PgScoreRows> {
    const database = await createTestDatabase();
    const connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES);
    const sql = new pg.Client(database.url);
    await sql.connect();
    return new PgScoreRows(database, connection, new PgScoreStore(connection), sql);
  }

  get url(): string {
    return this.database.url;
  }

  async insert(matchId: string): Promise<void> {
    await this.sql.query(`INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ($1, 1, 1700000000)`, [
      matchId,
    ]);
  }

  async remove(matchId: string): Promise<void> {
    await this.sql.query('DELETE FROM ts_matches WHERE external_id = $1', [matchId]);
  }

  async change(matchId: string, changes: ForeignChange): Promise<void> {
    const columns = Object.entries(columnsOf(changes));
    const set = columns.map(([column], n) => `${column} = $${n + 2}`).join(', ');
    const values = columns.map(([, value]) => value);
    await this.sql.query(`UPDATE ts_matches SET ${set} WHERE external_id = $1`, [matchId, ...values]);
  }

  async lock(matchId: string): Promise<() => Promise<void>> {
    const other = new pg.Client(this.url);
    await other.connect();
    await other.query('BEGIN');
    await other.query(`UPDATE ts_matches SET note = 'x' WHERE external_id = $1`, [matchId]);
    return async () => {
      await other.query('ROLLBACK');
      await other.end();
    };
  }

  async setFence(fence: number): Promise<void> {
    await this.sql.query(`UPDATE livescore_lease SET fence = $1 WHERE name = 'ingest'`, [fence]);
  }

  async journal(matchId: string): Promise<readonly JournalRow[]> {
    const { rows } = await this.sql.query<JournalRow>(
      `SELECT epoch, version::int, source FROM livescore_journal WHERE match_id = $1 ORDER BY epoch, version`,
      [matchId],
    );
    return rows;
  }

  /** The whole row as node-postgres returns it: bigint as text. */
  async row(matchId: string): Promise<Record<string, unknown>> {
    const { rows } = await this.sql.query<Record<string, unknown>>('SELECT * FROM ts_matches WHERE external_id = $1', [
      matchId,
    ]);
    if (!rows[0]) throw new Error(`No row ${matchId}`);
    return rows[0];
  }

  async close(): Promise<void> {
    await this.sql.end();
    await this.connection.close();
    await this.database.drop();
  }
}

function columnsOf({
  status,
  home,
  away,
  version,
  providerTimeS,
  kickoffs,
  minute,
  scoreSource,
  scoreSourceAtS,
}: ForeignChange) {
  return {
    ...(status !== undefined && { status_id: status }),
    ...(home && sideColumns('home', home)),
    ...(away && sideColumns('away', away)),
    ...(version !== undefined && { score_version: version }),
    ...(providerTimeS !== undefined && { provider_update_time: providerTimeS }),
    ...(kickoffs && {
      first_half_kickoff_ts: kickoffs.firstHalfS,
      second_half_kickoff_ts: kickoffs.secondHalfS,
      overtime_kickoff_ts: kickoffs.overtimeS,
    }),
    ...(minute !== undefined && { minute }),
    ...(scoreSource !== undefined && { home_score_source: scoreSource, away_score_source: scoreSource }),
    ...(scoreSourceAtS !== undefined && { home_score_timestamp: scoreSourceAtS, away_score_timestamp: scoreSourceAtS }),
  };
}

function sideColumns(side: 'home' | 'away', slots: Slots): Record<string, unknown> {
  return {
    [`${side}_scores`]: JSON.stringify(slots),
    [`${side}_score_display`]: displayScore(slots),
    [`${side}_score_regular`]: slots[0],
    [`${side}_score_overtime`]: slots[5],
    [`${side}_score_penalties`]: slots[6],
    [`${side}_red_cards`]: slots[2],
    [`${side}_yellow_cards`]: slots[3],
    [`${side}_corners`]: slots[4],
  };
}
