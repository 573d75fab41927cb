import { Logger } from '@nestjs/common';
import {
  type LegacyOrchestrator,
  type LegacyQueueItem,
  type LegacyQueueStats,
  LegacyScorePath,
} from '../../src/rollout/index.js';
import { fieldsOf, type QueuedMatch } from './queue-fields.js';

const BATCH_SIZE = 10;
const FLUSH_INTERVAL_MS = 100;

/**
 * Stands in for the platform's queue: one entry per match, written every 100 ms or as soon as 10 matches wait, one after
 * another. What it loses is what the original lost: the queue is emptied before anything is written, a failed write is
 * logged and dropped, a busy lock is not even logged, and what comes while the last flush runs is never written.
 */
export class MatchWriteQueue extends LegacyScorePath {
  private readonly logger = new Logger(MatchWriteQueue.name);
  private readonly queue = new Map<string, QueuedMatch>();
  private readonly timer: NodeJS.Timeout;
  private isFlushing = false;

  constructor(
    private readonly orchestrator: LegacyOrchestrator,
    private readonly nowMs: () => number = Date.now,
  ) {
    super();
    this.timer = setInterval(() => void this.flush(), FLUSH_INTERVAL_MS);
  }

  override enqueue(matchId: string, { type, data, providerUpdateTime, ingestionTs }: LegacyQueueItem): void {
    const waiting = this.queue.get(matchId) ?? { items: new Map(), providerUpdateTime: null, ingestionTs };
    waiting.items.set(type, data);
    waiting.providerUpdateTime = later(waiting.providerUpdateTime, providerUpdateTime);
    waiting.ingestionTs = Math.max(waiting.ingestionTs, ingestionTs);
    this.queue.set(matchId, waiting);
    if (this.queue.size >= BATCH_SIZE) void this.flush();
  }

  override async flush(): Promise<void> {
    if (this.isFlushing || this.queue.size === 0) return;
    this.isFlushing = true;
    const batch = [...this.queue];
    this.queue.clear();
    try {
      for (const [matchId, waiting] of batch) await this.write(matchId, waiting);
    } finally {
      this.isFlushing = false;
    }
  }

  override getStats(): LegacyQueueStats {
    const { isFlushing } = this;
    return { queueSize: this.queue.size, batchSize: BATCH_SIZE, flushIntervalMs: FLUSH_INTERVAL_MS, isFlushing };
  }

  /** Does not wait for the last flush. */
  override stop(): void {
    clearInterval(this.timer);
    void this.flush();
  }

  private async write(matchId: string, waiting: QueuedMatch): Promise<void> {
    try {
      const fields = fieldsOf(waiting, Math.floor(this.nowMs() / 1000));
      const { status, reason } = await this.orchestrator.updateMatch(matchId, fields, 'mqtt');
      if (status === 'rejected') this.logger.warn({ message: 'An update was rejected', matchId, reason });
    } catch (error) {
      this.logger.error({ message: 'A queued update was lost', matchId, reason: String(error) });
    }
  }
}

function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
