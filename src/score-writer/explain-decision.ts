import type { ExplainedDecision } from '../contracts/explain-facts.js';
import { displayScore } from '../domain/score.js';
import type { RecordedDecision } from './ports/recent-decisions.js';

/** Tells one judged update as `livescore explain` shows it. */
export function explainDecision({ atMs, update, outcome, version, became }: RecordedDecision): ExplainedDecision {
  const { source, delivery, score } = update;
  return {
    at: atMs,
    source,
    delivery,
    status: score?.status ?? null,
    score: score ? `${displayScore(score.home)}-${displayScore(score.away)}` : null,
    kickoff: score?.periodKickoffS ?? null,
    outcome: outcome.kind,
    reason: outcome.reason,
    version,
    ...(became !== undefined && { became }),
  };
}
