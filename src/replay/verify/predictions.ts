import type { Client } from 'pg';
import type { Slots } from '../../domain/score.js';
import { pause } from '../../kernel/deadline.js';
import { REAL_TIME } from '../../kernel/scheduler.js';
import type { ExpectedMatch } from './wrong-rows.js';

/** What became of the predictions of a replay. */
export interface SettlementFindings {
  readonly predictions: number;
  readonly settled: number;
  /** with another result than the tournament's score gives, without a verdict, or told as a first result twice */
  readonly wrong: number;
  readonly pending: number;
  /** results that were taken back or changed on the way */
  readonly reversed: number;
}

/** Who wins at the end: goals of the first half, or of regular time. */
type Winner = (home: number, away: number) => 'won' | 'lost' | 'cancelled';

const over =
  (line: number): Winner =>
  (home, away) =>
    compared(home + away - line);
const under =
  (line: number): Winner =>
  (home, away) =>
    compared(line - home - away);
const when =
  (is: (home: number, away: number) => boolean): Winner =>
  (home, away) =>
    is(home, away) ? 'won' : 'lost';

function compared(difference: number): 'won' | 'lost' | 'cancelled' {
  if (difference === 0) return 'cancelled';
  return difference > 0 ? 'won' : 'lost';
}

/** Every market of both periods, in the words of the platform and in English, by what decides it. */
export const PREDICTED: Readonly<Record<string, { readonly slot: 0 | 1; readonly winner: Winner }>> = {
  'IY 0.5 ÜST': { slot: 1, winner: over(0.5) },
  'iy 1,5 üst': { slot: 1, winner: over(1.5) },
  'IY 0.5 ALT': { slot: 1, winner: under(0.5) },
  'HT UNDER 1.5': { slot: 1, winner: under(1.5) },
  'IY KG VAR': { slot: 1, winner: when((home, away) => home > 0 && away > 0) },
  'IY 1': { slot: 1, winner: when((home, away) => home > away) },
  'IY X': { slot: 1, winner: when((home, away) => home === away) },
  'IY 2': { slot: 1, winner: when((home, away) => home < away) },
  'MS 0.5 ÜST': { slot: 0, winner: over(0.5) },
  'MS 1.5 ÜST': { slot: 0, winner: over(1.5) },
  'MS 2.5 ÜST': { slot: 0, winner: over(2.5) },
  'FT OVER 3.5': { slot: 0, winner: over(3.5) },
  'MS 2 ÜST': { slot: 0, winner: over(2) },
  'MS 3 ALT': { slot: 0, winner: under(3) },
  'MS 2.5 ALT': { slot: 0, winner: under(2.5) },
  'MS 4.5 ALT': { slot: 0, winner: under(4.5) },
  'KG VAR': { slot: 0, winner: when((home, away) => home > 0 && away > 0) },
  'BTTS NO': { slot: 0, winner: when((home, away) => home === 0 || away === 0) },
  'MS 1': { slot: 0, winner: when((home, away) => home > away) },
  'MS 0': { slot: 0, winner: when((home, away) => home === away) },
  'MS 2': { slot: 0, winner: when((home, away) => home < away) },
};

const TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 100;

const RESULTS = `
SELECT p.match_id AS "matchId", p.prediction, p.result,
  (SELECT count(*)::int FROM livescore_settlement s WHERE s.prediction_id = p.id AND NOT s.is_shadow
    AND s.result <> 'pending' AND s.revision = (SELECT min(f.revision) FROM livescore_settlement f
      WHERE f.prediction_id = p.id AND NOT f.is_shadow AND f.told)) AS firsts,
  (SELECT count(*)::int FROM livescore_settlement s JOIN livescore_settlement b
      ON b.prediction_id = s.prediction_id AND b.is_shadow = s.is_shadow AND b.revision = s.supersedes
    WHERE s.prediction_id = p.id AND NOT s.is_shadow AND b.result <> 'pending' AND s.result <> b.result) AS reversed
FROM ai_predictions p WHERE p.match_id = ANY ($1)`;

interface Found {
  readonly matchId: string;
  readonly prediction: string;
  readonly result: string;
  readonly firsts: number;
  readonly reversed: number;
}

/** Waits until no prediction is pending, or half a minute, then compares each with the score of the tournament. */
export async function verifyPredictions(
  database: Client,
  expected: readonly ExpectedMatch[],
  signal: AbortSignal | undefined,
): Promise<SettlementFindings> {
  const rows = new Map(expected.map((match) => [match.matchId, match]));
  const untilMs = REAL_TIME.monotonicMs() + TIMEOUT_MS;
  for (;;) {
    const found = (await database.query<Found>(RESULTS, [[...rows.keys()]])).rows;
    const wrong = found.filter((row) => !isRight(row, rows.get(row.matchId) as ExpectedMatch)).length;
    if (wrong === 0 || REAL_TIME.monotonicMs() >= untilMs) return findingsOf(found, wrong);
    await pause(LOOK_EVERY_MS, REAL_TIME, signal);
  }
}

function isRight({ prediction, result, firsts }: Found, { row }: ExpectedMatch): boolean {
  const market = PREDICTED[prediction];
  if (!market) return false;
  const [home, away] = [row.home_scores as Slots, row.away_scores as Slots];
  return firsts === 1 && result === market.winner(home[market.slot], away[market.slot]);
}

function findingsOf(found: readonly Found[], wrong: number): SettlementFindings {
  const pending = found.filter(({ result }) => result === 'pending').length;
  const reversed = found.reduce((sum, row) => sum + row.reversed, 0);
  return { predictions: found.length, settled: found.length - pending, wrong, pending, reversed };
}
