import pg from 'pg';
import { PgDeadLetterStore } from '../../src/dead-letters/adapters/pg/pg-dead-letter-store.js';
import type { StoredLetter } from '../../src/dead-letters/ports/dead-letter-store.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import type { DeadLetterStoreHarness } from '../contracts/dead-letter-store.contract.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { PATIENT_POSTGRES } from './patient-postgres.js';

/** A migrated database of its own, the store on it, and a second connection that looks. */
export class PgDeadLetters implements DeadLetterStoreHarness {
  private constructor(
    private readonly database: TestDatabase,
    readonly connection: PgDatabase,
    readonly store: PgDeadLetterStore,
    readonly sql: pg.Client,
  ) {}

  static async open(): Promise<PgDeadLetters> {
    const database = await createTestDatabase();
    const connection = new PgDatabase({ connectionString: database.url }, PATIENT_POSTGRES);
    const sql = new pg.Client(database.url);
    await sql.connect();
    return new PgDeadLetters(database, connection, new PgDeadLetterStore(connection), sql);
  }

  get url(): string {
    return this.database.url;
  }

  async letters(): Promise<readonly StoredLetter[]> {
    const { rows } = await this.sql.query<StoredLetter>(
      `SELECT id, replace(reason, '-earlier', '') AS reason, detail, match_id AS "matchId", topic, payload, redrives,
         (extract(epoch FROM received_at) * 1000)::double precision AS "receivedAtMs"
       FROM livescore_dead_letter ORDER BY livescore_dead_letter.id`,
    );
    return rows;
  }

  async mark(ids: readonly string[]): Promise<void> {
    await this.sql.query('UPDATE livescore_dead_letter SET redrive_at = now() WHERE id = ANY($1)', [ids]);
  }

  async insertMatch(matchId: string): Promise<void> {
    await this.sql.query('INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ($1, 1, 1700000000)', [
      matchId,
    ]);
  }

  async clear(): Promise<void> {
    await this.sql.query('DELETE FROM livescore_dead_letter; DELETE FROM livescore_journal; DELETE FROM ts_matches');
  }

  async close(): Promise<void> {
    await this.sql.end();
    await this.connection.close();
    await this.database.drop();
  }
}
