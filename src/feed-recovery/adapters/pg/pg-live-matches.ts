import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../../postgres/database.js';
import { type LiveMatch, LiveMatches } from '../../ports/live-matches.js';

const SELECT: Statement = {
  name: 'livescore_live_matches',
  text: `SELECT external_id AS "matchId",
      round(extract(epoch FROM score_seen_at) * 1000)::float8 AS "seenAtMs"
    FROM ts_matches WHERE status_id = ANY (ARRAY[2, 3, 4, 5, 7]) ORDER BY match_time DESC, external_id LIMIT $1::int`,
};

/** `ts_matches` through the package's own connections. */
@Injectable()
export class PgLiveMatches extends LiveMatches {
  constructor(private readonly database: Database) {
    super();
  }

  override list(limit: number): Promise<readonly LiveMatch[]> {
    return this.database.query(SELECT, [limit]);
  }
}
