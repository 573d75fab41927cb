import type { LatencyStats } from '../../contracts/latency-facts.js';

/** Percentiles of measurements, ms; null without one. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The newest measurements, 1,000 at most. */
export interface LatencyNow {
  /** As `GET /metrics/latency`: each thing that clients hear of, from receipt to the sockets; null: no after-commit module. */
  readonly stats: LatencyStats | null;
  /** each committed score change */
  readonly receiveToCommit: Percentiles;
  /** the same, from the commit to the sockets */
  readonly commitToScreen: Percentiles;
  /** the same, both */
  readonly receiveToScreen: Percentiles;
}

/** Codes of {@link SeriesFacts.feed}. */
export const FEED_CODES = { unknown: 0, down: 1, recovering: 2, delayed: 3, live: 4 } as const;

/**
 * The last hour, a point each 5 s, 720 at most, oldest first. Columns of the same length. Null: nothing was measured. A point
 * stands at the end of its 5 s.
 */
export interface SeriesFacts {
  /** seconds between two points */
  readonly everyS: number;
  readonly atMs: readonly number[];
  readonly messagesPerS: readonly (number | null)[];
  readonly commitsPerS: readonly (number | null)[];
  readonly rejectedPerS: readonly (number | null)[];
  readonly errorsPerS: readonly (number | null)[];
  /** from receipt to the sockets, of the score changes told in these 5 s, ms */
  readonly p50Ms: readonly (number | null)[];
  readonly p95Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
  /** from receipt to commit, the slowest twentieth */
  readonly commitP95Ms: readonly (number | null)[];
  /** from commit to the sockets, the slowest twentieth */
  readonly screenP95Ms: readonly (number | null)[];
  readonly clients: readonly (number | null)[];
  /** one of {@link FEED_CODES} */
  readonly feed: readonly number[];
  /** states of matches in shadow that were compared and the same, of those compared in these 5 s, percent */
  readonly consistencyPercent: readonly (number | null)[];
  /** how much earlier the direct path had the goals that both paths had by these 5 s, on average, ms */
  readonly leadMs: readonly (number | null)[];
  /** delay of the event loop, ms */
  readonly loopP99Ms: readonly (number | null)[];
}

/** The feed went from one state to another. */
export interface FeedChangeFact {
  readonly atMs: number;
  /** `down`, `recovering`, `live` or `delayed` */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** A goal, or one that was taken back, as clients were told of it. */
export interface GoalFact {
  /** when clients were told */
  readonly atMs: number;
  readonly matchId: string;
  readonly home: string | null;
  readonly away: string | null;
  readonly kind: 'goal' | 'goal-cancelled';
  readonly side: 'home' | 'away';
  /** display score after it */
  readonly score: readonly [home: number, away: number];
  readonly version: number;
  readonly source: string;
  readonly receiveToCommitMs: number;
  readonly commitToScreenMs: number;
  /** found by recovery: it is older than that */
  readonly isCatchUp: boolean;
}
