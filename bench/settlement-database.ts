import { Client } from 'pg';
import { DatabaseServer } from './database.js';
import { MIXED_TEXTS, PREDICTIONS, SETTLED_MATCHES, type SettledMatch, type Standing } from './settlement-matches.js';

const OTHERS = 100_000;

/** A busy day: 10,000 open predictions on each of three matches, 100,000 on others, of which half are settled. */
export class SettlementDatabase {
  private readonly versions = new Map<string, number>();

  private constructor(
    private readonly server: DatabaseServer,
    private readonly name: string,
    readonly url: string,
    readonly sql: Client,
  ) {}

  static async create(serverUrl: string, runName: string, kickoffS: number): Promise<SettlementDatabase> {
    const server = await DatabaseServer.prepare(serverUrl, runName, kickoffS);
    const name = `${runName}_settlement`;
    const url = await server.create(name);
    const sql = new Client(url);
    await sql.connect();
    const database = new SettlementDatabase(server, name, url, sql);
    for (const match of Object.values(SETTLED_MATCHES)) await database.seed(match);
    await sql.query(predictionsSql('$1::text || i % 1000', OTHERS), ['other', MIXED_TEXTS]);
    for (const statement of [...SETTLE_OTHERS_SQL, 'VACUUM ANALYZE']) await sql.query(statement);
    return database;
  }

  /** What was settled until now is where every round begins. */
  async keepAsStart(): Promise<void> {
    await this.sql.query('CREATE TABLE bench_start AS SELECT * FROM livescore_settlement_match');
  }

  /** The match as it was before anything of it was decided, in the journal, too. */
  async reset({ matchId }: SettledMatch): Promise<void> {
    await this.sql.query('BEGIN');
    await this.sql.query(
      `UPDATE ai_predictions SET result = 'pending', final_score = NULL, result_reason = NULL, resulted_at = NULL
       WHERE match_id = $1 AND result <> 'pending'`,
      [matchId],
    );
    for (const statement of RESET_SQL) await this.sql.query(statement, [matchId]);
    await this.sql.query('COMMIT');
    await this.sql.query(
      'VACUUM ai_predictions, livescore_settlement, livescore_settlement_match, livescore_journal, bench_history',
    );
    this.versions.set(matchId, 1);
  }

  /** A version of the match, as the writer commits it. */
  async commit({ matchId }: SettledMatch, { status, home }: Standing): Promise<void> {
    const version = (this.versions.get(matchId) ?? 0) + 1;
    this.versions.set(matchId, version);
    const slots = [home, 0, 0, 0, 0, 0, 0];
    const after = { status, home: slots, away: [0, 0, 0, 0, 0, 0, 0], kickoffs: [null, null, null] };
    await this.sql.query({
      name: 'journal',
      text: `INSERT INTO livescore_journal (match_id, epoch, version, source, after) VALUES ($1, 0, $2, 'mqtt', $3)`,
      values: [matchId, version, after],
    });
  }

  async decidedOf({ matchId }: SettledMatch): Promise<number> {
    const { rows } = await this.sql.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM ai_predictions WHERE match_id = $1 AND result <> 'pending'`,
      [matchId],
    );
    return rows[0]!.count;
  }

  async drop(): Promise<void> {
    await this.sql.end();
    await this.server.drop(this.name);
    await this.server.close();
  }

  private async seed(match: SettledMatch): Promise<void> {
    await this.sql.query(predictionsSql('$1::text', PREDICTIONS), [match.matchId, match.texts]);
    await this.commit(match, match.before);
  }
}

/** Texts take turns, so that every page of the table has some of each. */
function predictionsSql(matchId: string, count: number): string {
  return `
    INSERT INTO ai_predictions (match_id, prediction, external_id, canonical_bot_name, league_name, home_team_name,
                                away_team_name, home_team_id, away_team_id, competition_id, match_time, created_at)
    SELECT ${matchId}, ($2::text[])[1 + i % cardinality($2::text[])], 'prediction' || i, 'bot ' || i % 20, 'League', 'Home United',
           'Away Rovers', 'home', 'away', 'competition', 1768662000, now() - interval '1 hour'
      FROM generate_series(0, ${count - 1}) AS i`;
}

const RESET_SQL = [
  'DELETE FROM livescore_settlement WHERE match_id = $1',
  'DELETE FROM bench_history h USING ai_predictions p WHERE p.id = h.prediction_id AND p.match_id = $1',
  'DELETE FROM livescore_journal WHERE match_id = $1 AND version > 1',
  'DELETE FROM livescore_settlement_match WHERE match_id = $1',
  'INSERT INTO livescore_settlement_match SELECT * FROM bench_start WHERE match_id = $1',
];

/** The others are matches of a hundred predictions each; what is settled of them has its history in both forms. */
const SETTLE_OTHERS_SQL = [
  `UPDATE ai_predictions SET result = 'won', final_score = '1-0', result_reason = 'instant_win_ms', resulted_at = now()
   WHERE match_id LIKE 'other%' AND external_id LIKE '%1%'`,
  `INSERT INTO livescore_settlement (prediction_id, is_shadow, revision, match_id, verdict, result, certainty, reason, cause,
     market, rule, rule_version, period, epoch, version, told, fingerprint, decided_at)
   SELECT id, false, 1, match_id, 'won', 'won', 1, result_reason, 'goal', 'match over 0.5', 'over-under', 1, 'match', 0, 2, true,
     repeat(md5(id::text), 2), now() FROM ai_predictions WHERE result = 'won'`,
  `CREATE TABLE bench_history (prediction_id uuid PRIMARY KEY, result text NOT NULL, score text, at timestamptz NOT NULL)`,
  `INSERT INTO bench_history SELECT id, 'won', '1-0', now() FROM ai_predictions WHERE result = 'won'`,
];
