import { Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { contentOf, shownText, wholeText } from '../checks/content.js';
import type { TrueRow } from '../clients/crew-member.js';

interface StoredRow {
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly status: number;
  readonly home: number[] | null;
  readonly away: number[] | null;
  readonly kickoffs: (number | null)[];
}

const ROWS = `
  SELECT m.external_id AS "matchId", COALESCE(last.epoch, 0) AS epoch, m.score_version::float8 AS version,
         COALESCE(m.status_id, 0) AS status, m.home_scores AS home, m.away_scores AS away,
         ARRAY[m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts]::float8[] AS kickoffs
    FROM ts_matches m
    LEFT JOIN LATERAL (SELECT max(epoch) AS epoch FROM livescore_journal j WHERE j.match_id = m.external_id) last ON true`;

const VERSIONS = `SELECT external_id AS "matchId", score_version::float8 AS version FROM ts_matches`;
const FENCE = `SELECT COALESCE(max(fence), 0)::float8 AS fence FROM livescore_lease WHERE name = 'ingest'`;

const INSERT = `
  INSERT INTO ts_matches (external_id, competition_id, status_id, match_time)
  SELECT m->>'id', m->>'competition', 1, extract(epoch FROM now())::bigint - 6600 FROM jsonb_array_elements($1::jsonb) AS m`;

export interface Progress {
  /** by match */
  readonly versions: ReadonlyMap<string, number>;
  /** rises with every holder of the feed */
  readonly fence: number;
}

/** A fresh database, and a way to it past every fault. */
export class BroadcastDatabase {
  private readonly pool: Pool;

  private constructor(private readonly database: TestDatabase) {
    this.pool = new Pool({ connectionString: database.url, max: 3, connectionTimeoutMillis: 10_000 });
    this.pool.on('error', () => undefined);
  }

  static async create(): Promise<BroadcastDatabase> {
    return new BroadcastDatabase(await createTestDatabase());
  }

  get url(): string {
    return this.database.url;
  }

  async insert(competitionOf: ReadonlyMap<string, string>): Promise<void> {
    const matches = [...competitionOf].map(([id, competition]) => ({ id, competition }));
    await this.pool.query(INSERT, [JSON.stringify(matches)]);
  }

  async rows(): Promise<readonly TrueRow[]> {
    const { rows } = await this.pool.query<StoredRow>(ROWS);
    return rows.map(({ matchId, epoch, version, ...stored }) => {
      const content = contentOf(stored);
      const texts = { shown: shownText(content), whole: wholeText(content) };
      return { matchId, position: { epoch, version }, status: stored.status, ...texts, isUntouched: version === 0 };
    });
  }

  async progress(): Promise<Progress> {
    const [versions, fence] = await Promise.all([this.pool.query(VERSIONS), this.pool.query(FENCE)]);
    return {
      versions: new Map(versions.rows.map(({ matchId, version }) => [matchId, version])),
      fence: fence.rows[0].fence,
    };
  }

  /** who takes the feed; null: nobody does */
  async holder(): Promise<string | null> {
    const { rows } = await this.pool.query(`SELECT holder FROM livescore_lease WHERE name = 'ingest'`);
    return rows[0]?.holder ?? null;
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }
}
