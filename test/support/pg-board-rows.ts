import type pg from 'pg';
import { PgBoardStore } from '../../src/broadcast/adapters/pg/pg-board-store.js';
import type { BoardRow } from '../../src/broadcast/ports/board-store.js';
import type { Position } from '../../src/broadcast/ports/position.js';
import { matchFormatText } from '../../src/domain/match-format.js';
import type { BoardStoreHarness } from '../contracts/board-store.contract.js';
import { PgScoreRows } from './pg-score-rows.js';

/** A migrated database of its own with the store of the board on it. */
export class PgBoardRows implements BoardStoreHarness {
  readonly store: PgBoardStore;
  readonly sql: pg.Client;

  private constructor(readonly rows: PgScoreRows) {
    this.store = new PgBoardStore(rows.connection);
    this.sql = rows.sql;
  }

  static async open(): Promise<PgBoardRows> {
    return new PgBoardRows(await PgScoreRows.open());
  }

  nowMs(): number {
    return Date.now();
  }

  async put(row: BoardRow): Promise<void> {
    const { state, position, details } = row;
    const { matchId } = state;
    await this.sql.query(
      `INSERT INTO ts_matches (external_id, status_id, match_time, minute, competition_id, incidents)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [matchId, state.status, state.fallbackKickoffS, state.minute, row.competitionId, JSON.stringify(incidents(row))],
    );
    await this.rows.change(matchId, { home: state.home, away: state.away, kickoffs: state.kickoffs });
    await this.sql.query(
      `UPDATE ts_matches SET score_version = $2::bigint, score_seen_at = to_timestamp($3::float8 / 1000) WHERE external_id = $1`,
      [matchId, position.version, row.receivedAtMs],
    );
    await this.sql.query(
      `UPDATE livescore_journal SET source = $2, received_at = to_timestamp($3::float8 / 1000) WHERE match_id = $1`,
      [matchId, row.source, row.receivedAtMs],
    );
    if (row.format) await this.setFormat('match', matchId, matchFormatText(row.format));
    for (const { predictionId, botName, prediction, result, resultReason, finalScore } of details.predictions) {
      await this.sql.query(
        `INSERT INTO ai_predictions (id, canonical_bot_name, home_team_name, away_team_name, match_id, prediction, result,
           result_reason, final_score) VALUES ($1, $2, 'H', 'A', $3, $4, $5, $6, $7)`,
        [predictionId, botName, matchId, prediction, result, resultReason, finalScore],
      );
    }
  }

  async setFormat(scope: 'match' | 'competition', id: string, format: string): Promise<void> {
    await this.sql.query(
      `INSERT INTO livescore_match_format (scope, id, format, changed_by, reason) VALUES ($1, $2, $3, 'spec', 'spec')`,
      [scope, id, format],
    );
  }

  async journaled(matchId: string, { epoch, version }: Position, committedAtMs: number): Promise<void> {
    await this.sql.query(
      `INSERT INTO livescore_journal (match_id, epoch, version, source, after, committed_at)
       VALUES ($1, $2, $3, 'mqtt', '{}', to_timestamp($4::float8 / 1000))`,
      [matchId, epoch, version, committedAtMs],
    );
  }

  async announced(matchId: string, atMs: number): Promise<void> {
    await this.sql.query(
      `INSERT INTO livescore_announced (match_id, incident_key, news, announced_at)
       VALUES ($1, 'k', '{}', to_timestamp($2::float8 / 1000)), ($1, 'of an earlier version', NULL, now())`,
      [matchId, atMs],
    );
  }

  async settled(matchId: string, atMs: number): Promise<void> {
    await this.sql.query(
      `INSERT INTO livescore_settlement_match (match_id, step, epoch, version, path, words, heard, predictions, mode, settled_at)
       VALUES ($1, 1, 0, 1, '{}', '[]', 0, 0, 'on', to_timestamp($2::float8 / 1000))`,
      [matchId, atMs],
    );
  }

  close(): Promise<void> {
    return this.rows.close();
  }
}

/** The list of the provider that the row was made from, goals and other entries between what is shown. */
function incidents({ details, addedMinutes }: BoardRow): readonly unknown[] {
  const positions = { home: 1, away: 2 } as const;
  const ofKey = (key: string): unknown => (JSON.parse(key) as readonly unknown[])[0];
  return [
    { type: 1, position: 1, time: 5, player_id: 'scorer' },
    ...details.cards.map(({ key, time, team, playerId }) => {
      return { type: ofKey(key), position: team ? positions[team] : 0, time, player_id: playerId };
    }),
    { type: 9, position: 1 },
    'no incident',
    ...details.substitutions.map(({ time, team, ...players }) => ({
      type: 9,
      position: team ? positions[team] : 0,
      time,
      in_player_id: players.inPlayerId,
      in_player_name: players.inPlayerName,
      out_player_id: players.outPlayerId,
      out_player_name: players.outPlayerName,
    })),
    ...(addedMinutes === null
      ? []
      : [
          { type: 19, position: 0, time: 2 },
          { type: 19, position: 0, time: addedMinutes },
        ]),
  ];
}
