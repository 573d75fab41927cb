import type { PredictionSettledFrame, PredictionUpdatedFrame } from '../broadcast/ports/client-frame.js';
import type { SettledPrediction } from '../contracts/settled-predictions.js';

type Frame = PredictionSettledFrame | PredictionUpdatedFrame;

/** What of a prediction a revision can change, as clients name it. */
const FIELDS = ['result', 'resultReason', 'finalScore'] as const;

/**
 * The frame that tells clients of one revision. The first result of a prediction is `PREDICTION_SETTLED`: clients lower their
 * pending counter with each of them, and count it as won or lost. So every later revision is `PREDICTION_UPDATED`, which
 * counts nothing. A revision before the first result, which leaves the prediction pending, is told in that form, too.
 */
export function settlementFrame(settled: SettledPrediction, nowMs: number): Frame {
  const { predictionId, matchId, botName, prediction, result, homeTeam, awayTeam, finalScore } = settled;
  const told = {
    predictionId,
    matchId,
    botName,
    prediction,
    result,
    resultReason: settled.reason,
    homeTeam,
    awayTeam,
    ...(finalScore === null ? undefined : { finalScore }),
    revision: settled.revision,
    certainty: settled.certainty,
    verdict: settled.verdict,
    cause: settled.cause,
    timestamp: nowMs,
  };
  if (settled.isFirstResult) return { type: 'PREDICTION_SETTLED', ...told };
  return { type: 'PREDICTION_UPDATED', fields: FIELDS, ...told };
}
