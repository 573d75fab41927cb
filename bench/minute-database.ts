import { platformSchemaSql } from '../src/testing/index.js';
import { execute, migrate, urlOf } from './database.js';

const MATCHES = 20_000;
const LIVE = 318;

/** The platform's table with its indexes, our migrations, and a busy day: 318 matches in play of 20,000. */
export class MinuteDatabase {
  private constructor(
    private readonly serverUrl: string,
    private readonly name: string,
    readonly url: string,
    readonly kickoffS: number,
    readonly live: readonly string[],
  ) {}

  static async create(serverUrl: string, name: string): Promise<MinuteDatabase> {
    await execute(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    const url = urlOf(serverUrl, name);
    const kickoffS = Math.floor(Date.now() / 1000) - 60;
    await execute(url, platformSchemaSql);
    await migrate(url);
    await execute(url, seedSql(kickoffS));
    await execute(url, 'VACUUM ANALYZE');
    const rows = await execute<{ id: string }>(
      url,
      'SELECT external_id AS id FROM public.ts_matches WHERE status_id = 4 ORDER BY 1',
    );
    return new MinuteDatabase(
      serverUrl,
      name,
      url,
      kickoffS,
      rows.map(({ id }) => id),
    );
  }

  async drop(): Promise<void> {
    await execute(this.serverUrl, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }
}

/** Every sixty-second match is in its second half, since another second each; all have statistics and incidents. */
function seedSql(kickoffS: number): string {
  const incidents = Array.from({ length: 6 }, (_, i) => ({ type: 3, position: 1 + (i % 2), time: 8 * i + 3 }));
  const statistics = { possession: { home: 55, away: 45 }, attacks: { home: 61, away: 48 } };
  return `
    INSERT INTO public.ts_matches (external_id, season_id, competition_id, home_team_id, away_team_id, status_id, match_time,
                            home_scores, away_scores, first_half_kickoff_ts, second_half_kickoff_ts, minute,
                            home_score_source, away_score_source, home_score_timestamp, away_score_timestamp,
                            last_update_source, last_event_ts, statistics, incidents)
    SELECT 'bench' || lpad(i::text, 10, '0'), 'season' || i % 40, 'competition' || i % 40, 'home' || i, 'away' || i,
           CASE WHEN i % 62 = 0 AND i < ${LIVE * 62} THEN 4 ELSE 8 END, ${kickoffS} - 3900 - i % 60,
           '[0,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', ${kickoffS} - 3900 - i % 60, ${kickoffS} - i % 60, 46,
           'mqtt', 'mqtt', ${kickoffS}, ${kickoffS}, 'mqtt', ${kickoffS},
           '${JSON.stringify(statistics)}', '${JSON.stringify(incidents)}'
      FROM generate_series(0, ${MATCHES - 1}) AS i`;
}
