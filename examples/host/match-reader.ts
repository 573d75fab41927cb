import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DatabaseConnection } from './database-connection.js';
import type { StoredMatch } from './match-view.js';

const SELECT = `
  SELECT m.external_id AS "externalId",
         COALESCE(m.status_id, 0) AS status,
         home.name AS "homeTeam",
         away.name AS "awayTeam",
         home.logo_url AS "homeLogo",
         away.logo_url AS "awayLogo",
         COALESCE(m.home_score_display, m.home_score_regular, 0) AS "homeScore",
         COALESCE(m.away_score_display, m.away_score_regular, 0) AS "awayScore",
         m.minute,
         m.last_update_source AS source,
         m.score_version::int AS version,
         m.first_half_kickoff_ts::float8 AS "firstHalfS",
         m.second_half_kickoff_ts::float8 AS "secondHalfS",
         m.overtime_kickoff_ts::float8 AS "overtimeS",
         COALESCE(m.live_kickoff_time, m.match_time)::float8 AS "fallbackKickoffS"
    FROM ts_matches m
    LEFT JOIN ts_teams home ON home.external_id = m.home_team_id
    LEFT JOIN ts_teams away ON away.external_id = m.away_team_id`;

/** Reads matches through the host's TypeORM connection. */
@Injectable()
export class MatchReader {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly database: DatabaseConnection,
  ) {}

  async match(externalId: string): Promise<StoredMatch | null> {
    const [match] = await this.read(`${SELECT} WHERE m.external_id = $1`, [externalId]);
    return match ?? null;
  }

  live(): Promise<StoredMatch[]> {
    return this.read(
      `${SELECT} WHERE m.status_id IN (2, 3, 4, 5, 7) ORDER BY m.match_time DESC, m.external_id LIMIT 500`,
    );
  }

  /** The matches that ended last, at most 64 of the last three hours. */
  finished(): Promise<StoredMatch[]> {
    return this.read(
      `${SELECT} WHERE m.status_id = 8 AND m.updated_at > now() - interval '3 hours'
       ORDER BY m.updated_at DESC, m.external_id LIMIT 64`,
    );
  }

  private async read(sql: string, values: readonly unknown[] = []): Promise<StoredMatch[]> {
    if (!this.database.ready) throw new ServiceUnavailableException('The database is not reachable yet');
    return this.dataSource.query(sql, [...values]);
  }
}
