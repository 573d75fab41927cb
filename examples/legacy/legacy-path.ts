import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { InMemoryMatchLock } from './in-memory-match-lock.js';
import { LiveMatchOrchestrator } from './live-match-orchestrator.js';
import type { MatchLock } from './match-lock.js';
import { MatchWriteQueue } from './match-write-queue.js';
import { RedisMatchLock } from './redis-match-lock.js';

const CONNECTIONS = 5;
const DRAIN_TIMEOUT_MS = 2_000;
const DRAIN_POLL_MS = 10;

export interface LegacyPathOptions {
  readonly databaseUrl: string;
  /** null: the lock is in this process's memory */
  readonly redisUrl?: string | null;
  readonly lock?: MatchLock;
  readonly nowMs?: () => number;
}

/** Queue and orchestrator on database connections of their own. */
export class LegacyPath {
  readonly orchestrator: LiveMatchOrchestrator;
  readonly queue: MatchWriteQueue;
  private readonly pool: Pool;

  constructor({ databaseUrl, redisUrl = null, lock, nowMs = Date.now }: LegacyPathOptions) {
    this.pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS, connectionTimeoutMillis: 3_000 });
    const logger = new Logger(LegacyPath.name);
    this.pool.on('error', (error) => logger.warn({ message: 'A database connection broke', reason: error.message }));
    const chosen = lock ?? (redisUrl ? new RedisMatchLock(redisUrl) : new InMemoryMatchLock(nowMs));
    this.orchestrator = new LiveMatchOrchestrator(this.pool, chosen, nowMs);
    this.queue = new MatchWriteQueue(this.orchestrator, nowMs);
  }

  /** Gives the last flush, which the queue does not wait for, up to 2 s. */
  async close(): Promise<void> {
    this.queue.stop();
    const deadline = performance.now() + DRAIN_TIMEOUT_MS;
    while (this.queue.getStats().isFlushing && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    await this.orchestrator.shutdown();
    await this.pool.end();
  }
}
