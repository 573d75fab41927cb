import { Pool } from 'pg';
import { COUNT_COLUMNS, KICKOFF_COLUMNS, ofBothSides, SIDES } from '../../../src/platform/score-columns.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';

/** A row of `ts_matches` as its readers see it. */
export interface MatchRow {
  readonly matchId: string;
  readonly version: number;
  readonly status: number;
  readonly home: readonly number[] | null;
  readonly away: readonly number[] | null;
  /** the counts in columns of their own: those of the home side, then those of the away side */
  readonly columns: readonly (number | null)[];
  /** of first half, second half and extra time, unix seconds */
  readonly kickoffs: readonly (number | null)[];
  /** says of status and scores who set them, and when */
  readonly stamped: boolean;
}

export interface StoredScore {
  readonly status: number;
  readonly home: readonly number[] | null;
  readonly away: readonly number[] | null;
  readonly kickoffs: readonly (number | null)[];
}

/** One row of the journal. */
export interface JournalEntry {
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly source: string;
  readonly before: StoredScore | null;
  readonly after: StoredScore;
  readonly catchUp: boolean;
  readonly committedAtMs: number;
}

export interface DeadLetterRow {
  readonly reason: string;
  readonly matchId: string | null;
  readonly payload: string;
}

export type PredictionResult = 'pending' | 'won' | 'lost' | 'cancelled';

/** A row of `ai_predictions`. */
export interface PredictionRow {
  readonly id: string;
  readonly matchId: string;
  readonly prediction: string;
  readonly result: PredictionResult;
}

/** One row of `livescore_settlement` that is no shadow. */
export interface RevisionRow {
  readonly predictionId: string;
  readonly revision: number;
  readonly result: PredictionResult;
  readonly basis: string | null;
  /** of the newest version that was looked at */
  readonly epoch: number;
  readonly version: number;
  readonly supersedes: number | null;
  readonly told: boolean;
  readonly fingerprint: string;
}

const STAMPS = ['status_id', ...SIDES.map((side) => `${side}_score`)].flatMap((name) => [
  `${name}_source`,
  `${name}_timestamp`,
]);
const MATCH_ROWS = `
  SELECT external_id AS "matchId", score_version::float8 AS version, status_id AS status,
         home_scores AS home, away_scores AS away,
         ARRAY[${ofBothSides(COUNT_COLUMNS)
           .map(({ name }) => name)
           .join(', ')}] AS columns,
         ARRAY[${KICKOFF_COLUMNS.map(({ name }) => `${name}::float8`).join(', ')}] AS kickoffs,
         num_nulls(${STAMPS.join(', ')}) = 0 AS stamped
    FROM ts_matches WHERE external_id = ANY ($1)`;

const JOURNAL = `
  SELECT match_id AS "matchId", epoch, version::float8 AS version, source, before, after, catch_up AS "catchUp",
         extract(epoch FROM committed_at)::float8 * 1000 AS "committedAtMs"
    FROM livescore_journal WHERE match_id = ANY ($1) ORDER BY match_id, epoch, version`;

const INSERT_PREDICTIONS = `
  INSERT INTO ai_predictions (match_id, home_team_name, away_team_name, canonical_bot_name, prediction)
  SELECT id, 'Home', 'Away', 'faults', prediction
    FROM unnest($1::text[]) AS id CROSS JOIN unnest($2::text[]) AS prediction`;

const PREDICTIONS = `
  SELECT id::text, match_id AS "matchId", prediction, result FROM ai_predictions WHERE match_id = ANY ($1)`;

const REVISIONS = `
  SELECT prediction_id::text AS "predictionId", revision, result, basis, epoch, version::float8 AS version, supersedes,
         told, fingerprint
    FROM livescore_settlement WHERE match_id = ANY ($1) AND NOT is_shadow ORDER BY prediction_id, revision`;

const FIRST_COMMIT = `
  SELECT extract(epoch FROM min(committed_at))::float8 * 1000 AS at
    FROM livescore_journal WHERE committed_at > to_timestamp($1::float8 / 1000)`;

/** A fresh database with the platform's tables and our migrations, and direct access to it: past every fault. */
export class MatchDatabase {
  private readonly pool: Pool;

  private constructor(private readonly database: TestDatabase) {
    this.pool = new Pool({ connectionString: database.url, max: 3, connectionTimeoutMillis: 10_000 });
    this.pool.on('error', () => undefined);
  }

  static async create(): Promise<MatchDatabase> {
    return new MatchDatabase(await createTestDatabase());
  }

  get url(): string {
    return this.database.url;
  }

  async insertMatches(matchIds: readonly string[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time)
       SELECT id, 1, extract(epoch FROM now())::bigint - 6600 FROM unnest($1::text[]) AS id`,
      [matchIds],
    );
  }

  async matches(matchIds: readonly string[]): Promise<ReadonlyMap<string, MatchRow>> {
    const { rows } = await this.pool.query<MatchRow>(MATCH_ROWS, [matchIds]);
    return new Map(rows.map((row) => [row.matchId, row]));
  }

  async journal(matchIds: readonly string[]): Promise<readonly JournalEntry[]> {
    return (await this.pool.query<JournalEntry>(JOURNAL, [matchIds])).rows;
  }

  /** One prediction of each text for each match. */
  async insertPredictions(matchIds: readonly string[], texts: readonly string[]): Promise<void> {
    await this.pool.query(INSERT_PREDICTIONS, [matchIds, texts]);
  }

  async predictions(matchIds: readonly string[]): Promise<readonly PredictionRow[]> {
    return (await this.pool.query<PredictionRow>(PREDICTIONS, [matchIds])).rows;
  }

  async revisions(matchIds: readonly string[]): Promise<readonly RevisionRow[]> {
    return (await this.pool.query<RevisionRow>(REVISIONS, [matchIds])).rows;
  }

  /** @param text only those whose payload has it somewhere */
  async deadLetters(text = ''): Promise<readonly DeadLetterRow[]> {
    const { rows } = await this.pool.query<DeadLetterRow>(
      `SELECT reason, match_id AS "matchId", convert_from(payload, 'UTF8') AS payload
         FROM livescore_dead_letter WHERE position(convert_to($1, 'UTF8') IN payload) > 0`,
      [text],
    );
    return rows;
  }

  /** the database's clock, unix ms */
  async nowMs(): Promise<number> {
    const { rows } = await this.pool.query('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now');
    return rows[0].now;
  }

  /** null when nothing was committed since */
  async firstCommitAfter(atMs: number): Promise<number | null> {
    return (await this.pool.query(FIRST_COMMIT, [atMs])).rows[0].at;
  }

  /** who takes the feed, and in which term */
  async lease(): Promise<{ readonly holder: string; readonly fence: number } | null> {
    const { rows } = await this.pool.query(
      `SELECT holder, fence::float8 AS fence FROM livescore_lease WHERE name = 'ingest'`,
    );
    return rows[0] ?? null;
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }
}
