import type { Client } from 'pg';
import { MatchStatus } from '../domain/match-status.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import { lacksSchema } from '../postgres/sql-state.js';
import { ReplayError } from './replay.errors.js';

export interface SeedMatch {
  readonly matchId: string;
  readonly home: string;
  readonly away: string;
  /** scheduled start, unix seconds */
  readonly matchTimeS: number;
}

export interface SeedOptions {
  readonly competition: string;
  readonly competitionId: string;
  readonly teamId: (index: number) => string;
  readonly matches: readonly SeedMatch[];
  /** texts of the predictions that each match gets */
  readonly predictions?: readonly string[];
}

/**
 * Inserts what the platform would have of these matches before they begin: competition, teams, fixtures. Touches no
 * other row.
 * @throws ReplayError when the platform tables do not exist, or the role may not write them
 */
export async function seedRows(client: Client, options: SeedOptions) {
  const { competition, competitionId, teamId, matches, predictions = [] } = options;
  const names = [...new Set(matches.flatMap(({ home, away }) => [home, away]))];
  const teams = new Map(names.map((name, index) => [name, teamId(index)]));
  await insert(client, [
    [INSERT_COMPETITION, [competitionId, competition.slice(0, 255)]],
    [INSERT_TEAMS, [[...teams.values()], names.map((name) => name.slice(0, 255)), competitionId]],
    [
      INSERT_MATCHES,
      [
        matches.map(({ matchId }) => matchId),
        matches.map(({ home }) => teams.get(home)),
        matches.map(({ away }) => teams.get(away)),
        matches.map(({ matchTimeS }) => matchTimeS),
        competitionId,
      ],
    ],
    ...predictionsOf(matches, predictions),
  ]);
}

/**
 * Inserts the predictions of matches that have a row already.
 * @throws ReplayError as {@link seedRows}
 */
export async function seedPredictions(client: Client, matches: readonly SeedMatch[], texts: readonly string[]) {
  await insert(client, predictionsOf(matches, texts));
}

async function insert(client: Client, inserts: readonly Insert[]): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const [sql, values] of inserts) await client.query(sql, [...values]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw seedError(cause);
  }
}

type Insert = readonly [sql: string, values: readonly unknown[]];

const INSERT_COMPETITION = 'INSERT INTO ts_competitions (external_id, name, type) VALUES ($1, $2, 2)';
const INSERT_TEAMS = `
INSERT INTO ts_teams (external_id, name, competition_id)
SELECT id, name, $3 FROM ROWS FROM (unnest($1::text[]), unnest($2::text[])) AS team (id, name)`;
const INSERT_MATCHES = `
INSERT INTO ts_matches (external_id, home_team_id, away_team_id, match_time, competition_id, status_id)
SELECT id, home, away, match_time, $5, ${MatchStatus.NotStarted}
FROM ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::bigint[]))
  AS fixture (id, home, away, match_time)`;

const INSERT_PREDICTIONS = `
INSERT INTO ai_predictions (match_id, home_team_name, away_team_name, canonical_bot_name, prediction)
SELECT fixture.id, home, away, 'replay', prediction
FROM ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::text[])) AS fixture (id, home, away)
CROSS JOIN unnest($4::text[]) AS text (prediction)`;

function predictionsOf(matches: readonly SeedMatch[], texts: readonly string[]): readonly Insert[] {
  if (texts.length === 0) return [];
  const columns = [
    matches.map(({ matchId }) => matchId),
    matches.map(({ home }) => home.slice(0, 255)),
    matches.map(({ away }) => away.slice(0, 255)),
  ];
  return [[INSERT_PREDICTIONS, [...columns, texts]]];
}

export function seedError(cause: unknown): ReplayError {
  const reason = reasonOf(cause);
  const message = lacksSchema(cause)
    ? `the database lacks the platform tables (ts_matches, ts_teams, ts_competitions; ai_predictions for predictions): ${reason}`
    : `the fixtures of the replay could not be inserted: ${reason}`;
  return new ReplayError('LIVESCORE_REPLAY_FIXTURES', message, {}, { cause });
}
