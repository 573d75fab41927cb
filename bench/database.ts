import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { runLivescoreMigrations } from '../migrations/index.js';
import { platformSchemaSql } from '../src/testing/index.js';
import { MATCHES, matchIdOf, type Workload } from './workload.js';

/** Creates fresh, equal databases: all are copies of one template with schema, migrations and 5,000 live matches. */
export class DatabaseServer {
  private constructor(
    private readonly serverUrl: string,
    private readonly templateName: string,
    readonly version: string,
  ) {}

  static async prepare(
    serverUrl: string,
    runName: string,
    kickoffS: number,
    matches = MATCHES,
  ): Promise<DatabaseServer> {
    const name = `${runName}_template`;
    await execute(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    const [row] = await execute<{ version: string }>(serverUrl, `SELECT current_setting('server_version') AS version`);
    const server = new DatabaseServer(serverUrl, name, row?.version ?? 'unknown');
    const url = urlOf(serverUrl, name);
    await execute(url, platformSchemaSql);
    await migrate(url);
    await execute(url, seedSql(kickoffS, matches));
    await execute(url, 'VACUUM ANALYZE');
    return server;
  }

  async create(name: string): Promise<string> {
    await execute(this.serverUrl, `CREATE DATABASE ${name} TEMPLATE ${this.templateName}`);
    await execute(this.serverUrl, 'CHECKPOINT').catch(() => undefined);
    return urlOf(this.serverUrl, name);
  }

  async drop(name: string): Promise<void> {
    await execute(this.serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  async close(): Promise<void> {
    await this.drop(this.templateName);
  }
}

interface FinalRow {
  readonly id: string;
  readonly status: number;
  readonly home: number[];
  readonly away: number[];
  readonly columns: number[];
}

/** How many of the 5,000 rows differ from the truth, in the score arrays or in the columns made from them. */
export async function countWrongRows(databaseUrl: string, workload: Workload): Promise<number> {
  const rows = await execute<FinalRow>(
    databaseUrl,
    `SELECT external_id AS id, status_id AS status, home_scores AS home, away_scores AS away,
            ARRAY[home_score_display, away_score_display, home_score_regular, away_score_regular,
                  home_yellow_cards, away_yellow_cards, home_corners, away_corners] AS columns
       FROM ts_matches`,
  );
  const found = new Map(rows.map((row) => [row.id, textOf(row.status, row.home, row.away, row.columns)]));
  let wrong = 0;
  for (let index = 0; index < MATCHES; index++) {
    const { home: h, away: a } = workload.score(index);
    const columns = [h[0]!, a[0]!, h[0]!, a[0]!, h[3]!, a[3]!, h[4]!, a[4]!];
    if (found.get(matchIdOf(index)) !== textOf(4, h, a, columns)) wrong++;
  }
  return wrong;
}

function textOf(status: number, ...lists: (readonly number[])[]): string {
  return JSON.stringify([status, ...lists]);
}

/** Rows about as wide as real ones: statistics and incidents as in a second half, so that all indexes have work. */
function seedSql(kickoffS: number, matches: number): string {
  const incidents = Array.from({ length: 6 }, (_, i) => ({
    type: 3,
    position: 1 + (i % 2),
    time: 8 * i + 3,
    player_id: `p${i}`,
  }));
  const statistics = {
    possession: { home: 55, away: 45 },
    corners: { home: 0, away: 0 },
    attacks: { home: 61, away: 48 },
  };
  return `
    INSERT INTO ts_matches (external_id, season_id, competition_id, home_team_id, away_team_id, status_id, match_time,
                            home_scores, away_scores, first_half_kickoff_ts, second_half_kickoff_ts, minute,
                            home_score_source, away_score_source, home_score_timestamp, away_score_timestamp,
                            last_update_source, last_event_ts, statistics, incidents)
    SELECT 'bench' || lpad(i::text, 10, '0'), 'season' || i % 40, 'competition' || i % 40, 'home' || i, 'away' || i,
           4, ${kickoffS - 3900}, '[0,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', ${kickoffS - 3900}, ${kickoffS}, 46,
           'mqtt', 'mqtt', ${kickoffS}, ${kickoffS}, 'mqtt', ${kickoffS},
           '${JSON.stringify(statistics)}', '${JSON.stringify(incidents)}'
      FROM generate_series(0, ${matches - 1}) AS i`;
}

export async function migrate(url: string): Promise<void> {
  const dataSource = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize();
  try {
    await runLivescoreMigrations(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

export async function execute<Row>(url: string, sql: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
