import { Pool } from 'pg';

/** Statistics, incidents and commentary of one row, as readers find them. */
export interface StoredDetails {
  readonly matchId: string;
  readonly statistics: Readonly<Record<string, unknown>> | null;
  readonly incidents: readonly Readonly<Record<string, unknown>>[] | null;
  readonly commentary: readonly Readonly<Record<string, unknown>>[] | null;
}

const DETAILS = `
  SELECT external_id AS "matchId", statistics, incidents, tlive AS commentary
    FROM ts_matches WHERE external_id = ANY ($1)`;

/** Reads past every fault. */
export class DetailRows {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
    this.pool.on('error', () => undefined);
  }

  async read(matchIds: readonly string[]): Promise<ReadonlyMap<string, StoredDetails>> {
    const { rows } = await this.pool.query<StoredDetails>(DETAILS, [matchIds]);
    return new Map(rows.map((row) => [row.matchId, row]));
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
