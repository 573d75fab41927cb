import pg from 'pg';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import { PgRolloutStore } from '../../src/rollout/adapters/pg/pg-rollout-store.js';
import type { RolloutStoreHarness } from '../contracts/rollout-store.contract.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { PATIENT_POSTGRES } from './patient-postgres.js';

/** A migrated database of its own, the store on it, and a second connection. */
export class PgRollout implements RolloutStoreHarness {
  private constructor(
    private readonly database: TestDatabase,
    readonly connection: PgDatabase,
    readonly store: PgRolloutStore,
    readonly sql: pg.Client,
  ) {}

  static async open(): Promise<PgRollout> {
    const database = await createTestDatabase();
    const connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES);
    const sql = new pg.Client(database.url);
    await sql.connect();
    return new PgRollout(database, connection, new PgRolloutStore(connection), sql);
  }

  get url(): string {
    return this.database.url;
  }

  async reset(): Promise<void> {
    await this.sql.query(`TRUNCATE livescore_rollout RESTART IDENTITY;
      DELETE FROM livescore_pin; DELETE FROM livescore_rollout_decision; DELETE FROM ts_matches`);
  }

  async insertMatches(competition: string, matchIds: readonly string[]): Promise<void> {
    await this.sql.query(
      `INSERT INTO ts_matches (external_id, competition_id, status_id, match_time)
       SELECT id, $1, 2, 1700000000 FROM unnest($2::text[]) AS id`,
      [competition, matchIds],
    );
  }

  async close(): Promise<void> {
    await this.sql.end();
    await this.connection.close();
    await this.database.drop();
  }
}
