import type { RecordedDecision } from '../contracts/recent-decisions.js';
import { displayScore } from '../domain/score.js';

/** Why one update was applied or not. */
export interface ExplainedDecision {
  /** unix ms */
  readonly at: number;
  readonly source: string;
  /** `push` or `pull` */
  readonly delivery: string;
  /** status code the update claimed; null when it carried no score */
  readonly status: number | null;
  /** display score, `2-1`; null when it carried none */
  readonly score: string | null;
  /** `score[4]`, unix seconds; null when absent */
  readonly kickoff: number | null;
  readonly outcome: string;
  readonly reason: string;
  /** row version it was judged against; null when there was no row */
  readonly version: number | null;
}

/** Answer of `GET /livescore/explain/:matchId`. */
export interface Explanation {
  readonly matchId: string;
  /** the feed insists on what the guard refuses */
  readonly disputed: boolean;
  /** `no-feed`: it is being played, and the feed does not speak of it; null when it is not played, or nobody can know */
  readonly feed: 'live' | 'no-feed' | null;
  /** oldest first, at most 50; empty when nothing is known of the match */
  readonly decisions: readonly ExplainedDecision[];
}

export function explain({ atMs, update, outcome, version }: RecordedDecision): ExplainedDecision {
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
  };
}
