/** The platform's MatchWriteQueue takes this item. */
export interface LegacyQueueItem {
  readonly type: 'score' | 'incidents' | 'statistics' | 'status';
  /**
   * In that order: the parsed score object, the raw incident array, the readable statistics object, the status number.
   */
  readonly data: unknown;
  /** unix seconds; null on nearly every MQTT frame */
  readonly providerUpdateTime: number | null;
  /** unix seconds */
  readonly ingestionTs: number;
}

/** The platform's MatchWriteQueue tells this of itself. */
export interface LegacyQueueStats {
  readonly queueSize: number;
  readonly batchSize: number;
  readonly flushIntervalMs: number;
  readonly isFlushing: boolean;
}

/**
 * The port is the path that the package replaces, with the call shape of the platform's MatchWriteQueue, so that the
 * host binds its own in three lines. Port and injection token in one. Whatever it does, it cannot touch the direct
 * path.
 */
export abstract class LegacyScorePath {
  abstract enqueue(matchId: string, item: LegacyQueueItem): void;
  /** Resolves when what was queued is written, or at once while a flush is running. */
  abstract flush(): Promise<void>;
  abstract getStats(): LegacyQueueStats;
  abstract stop(): void;
}
