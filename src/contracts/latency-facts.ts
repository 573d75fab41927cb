/** Statistics of measurements, ms; null where there is none. */
export interface LatencyStats {
  readonly eventType: string;
  readonly count: number;
  /** from the receipt of the frame to its broadcast */
  readonly avgTotalLatency: number | null;
  /** from the receipt to the commit */
  readonly avgProcessingLatency: number | null;
  /** from the commit to the broadcast */
  readonly avgBroadcastLatency: number | null;
  /** of the total, like the rest */
  readonly minLatency: number | null;
  readonly maxLatency: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** What is known of how long the last changes took to the clients. Port and injection token in one; absent without the after-commit module. */
export abstract class LatencyFacts {
  /** How many measurements are kept now. */
  abstract get count(): number;

  /** @param eventType only of this one; undefined: of all */
  abstract stats(eventType?: string): LatencyStats;
}
