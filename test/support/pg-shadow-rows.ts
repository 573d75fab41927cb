import pg from 'pg';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgShadowStore } from '../../src/rollout/adapters/pg/pg-shadow-store.js';
import type { LegacyRow, ShadowGoal, ShadowTally } from '../../src/rollout/ports/shadow-store.js';
import { PgScoreStore } from '../../src/score-writer/adapters/pg/pg-score-store.js';
import type { ShadowStoreHarness } from '../contracts/shadow-store.contract.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { PATIENT_POSTGRES } from './patient-postgres.js';

/** A migrated database of its own, the stores on it, and a second connection that writes as the legacy path does. */
export class PgShadowRows implements ShadowStoreHarness {
  private constructor(
    private readonly database: TestDatabase,
    readonly connection: PgDatabase,
    readonly store: PgShadowStore,
    readonly scores: PgScoreStore,
    readonly sql: pg.Client,
  ) {}

  static async open(): Promise<PgShadowRows> {
    const database = await createTestDatabase();
    const connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES);
    const sql = new pg.Client(database.url);
    await sql.connect();
    return new PgShadowRows(database, connection, new PgShadowStore(connection), new PgScoreStore(connection), sql);
  }

  get url(): string {
    return this.database.url;
  }

  async write(matchId: string, { status, home, away, homeSlots, awaySlots }: LegacyRow): Promise<void> {
    await this.sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time, home_score_display, away_score_display,
         home_score_regular, away_score_regular, home_scores, away_scores)
       VALUES ($1, $2, 1700000000, $3, $4, $3, $4, $5, $6)
       ON CONFLICT (external_id) DO UPDATE SET status_id = EXCLUDED.status_id,
         home_score_display = EXCLUDED.home_score_display, away_score_display = EXCLUDED.away_score_display,
         home_score_regular = EXCLUDED.home_score_regular, away_score_regular = EXCLUDED.away_score_regular,
         home_scores = EXCLUDED.home_scores, away_scores = EXCLUDED.away_scores`,
      [matchId, status, home, away, homeSlots && JSON.stringify(homeSlots), awaySlots && JSON.stringify(awaySlots)],
    );
  }

  async tally(matchId: string): Promise<ShadowTally | undefined> {
    const { rows } = await this.sql.query<ShadowTally>(
      `SELECT match_id AS "matchId", consistent::int, inconsistent::int, errors::int, samples
       FROM livescore_shadow WHERE match_id = $1`,
      [matchId],
    );
    return rows[0];
  }

  async goals(): Promise<readonly ShadowGoal[]> {
    const { rows } = await this.sql.query<ShadowGoal>(
      `SELECT match_id AS "matchId", home, away, (extract(epoch FROM direct_at) * 1000)::float8 AS "directAtMs",
         (extract(epoch FROM legacy_at) * 1000)::float8 AS "legacyAtMs"
       FROM livescore_shadow_goal ORDER BY match_id, home, away`,
    );
    return rows;
  }

  async close(): Promise<void> {
    await this.sql.end();
    await this.connection.close();
    await this.database.drop();
  }
}
