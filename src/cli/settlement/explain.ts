import type { Client } from 'pg';
import { readMarket } from '../../domain/settlement/market-text.js';
import type { SettlementLimits } from '../../domain/settlement/settlement-path.js';
import { type NoReplay, type Replay, replay } from './replay.js';

/** One revision with its evidence. */
export interface ExplainedRevision {
  readonly isShadow: boolean;
  readonly revision: number;
  readonly verdict: string;
  readonly result: string;
  readonly certainty: number;
  readonly reason: string;
  readonly cause: string;
  readonly basis: string | null;
  readonly score: string | null;
  /** epoch.version */
  readonly version: string;
  readonly deadline: Date | null;
  readonly decidedAt: Date;
  readonly fingerprint: string;
}

interface PredictionRow {
  readonly predictionId: string;
  readonly bot: string;
  readonly text: string;
  readonly threshold: string | null;
  readonly matchId: string | null;
  readonly teams: string;
  readonly result: string;
  readonly resultReason: string | null;
  readonly finalScore: string | null;
}

export interface ExplainedPrediction extends PredictionRow {
  /** null: no market is known for the text */
  readonly market: string | null;
  /** those that hold first, then those in shadow */
  readonly revisions: readonly ExplainedRevision[];
  readonly replayed: (Replay & { readonly isSame: boolean }) | NoReplay;
}

const PREDICTION = `
SELECT p.id::text AS "predictionId", p.canonical_bot_name AS bot, p.prediction AS text,
  p.prediction_threshold::text AS threshold, p.match_id AS "matchId", p.home_team_name || ' - ' || p.away_team_name AS teams,
  p.result, p.result_reason AS "resultReason", p.final_score AS "finalScore"
FROM ai_predictions p WHERE p.id = $1::uuid`;

const REVISIONS = `
SELECT v.is_shadow AS "isShadow", v.revision, v.verdict, v.result, v.certainty, v.reason, v.cause, v.basis, v.score,
  v.epoch || '.' || v.version AS version, v.deadline, v.decided_at AS "decidedAt", v.fingerprint
FROM livescore_settlement v WHERE v.prediction_id = $1::uuid ORDER BY v.is_shadow, v.revision`;

/** @returns null when there is no such prediction */
export async function explain(
  client: Client,
  predictionId: string,
  limits: SettlementLimits,
): Promise<ExplainedPrediction | null> {
  const [row] = (await client.query<PredictionRow>(PREDICTION, [predictionId])).rows;
  if (!row) return null;
  const { matchId, text, threshold } = row;
  const revisions = (await client.query<ExplainedRevision>(REVISIONS, [predictionId])).rows;
  const market = readMarket(text, threshold)?.key ?? null;
  const found =
    matchId === null || market === null ? 'market' : await replay(client, { matchId, text, threshold }, limits);
  const replayed = typeof found === 'string' ? found : { ...found, isSame: isSame(found, row, revisions) };
  return { ...row, market, revisions, replayed };
}

/** Without a revision nothing was decided, or somebody else has the result. */
function isSame({ mode, verdict }: Replay, { result }: PredictionRow, revisions: readonly ExplainedRevision[]) {
  const newest = revisions.filter(({ isShadow }) => isShadow === (mode === 'shadow')).at(-1);
  if (newest) return newest.fingerprint === verdict.fingerprint;
  return result === 'pending' ? verdict.verdict === 'open' : verdict.result === result;
}
