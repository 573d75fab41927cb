import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import type { FieldUpdate, LegacyOrchestrator, UpdateResult } from '../../src/rollout/index.js';
import { calculateLegacyMinute } from './calculate-minute.js';
import { decideField, isTerminal, type LegacyRow } from './decide-field.js';
import { PROVENANCE } from './field-rules.js';
import type { MatchLock } from './match-lock.js';
import { SELECT_ROW, updateStatement } from './row-statements.js';

const EVENTS = ['match:updated', 'match:update:retry'] as const;
const COMPUTED_PRIORITY = 1;

/**
 * Stands in for the platform's orchestrator: lock, SELECT, a decision per field, UPDATE without a look at what became of
 * the row in between. It does what the original did, wrong parts included, but for two: it is made and handed over
 * instead of being one for the whole process, and it releases only its own lock.
 *
 * Events: `match:updated` `{ matchId, fields, source }` after a write; `match:update:retry` `{ matchId, updates, source }`
 * when the lock is busy, which nobody listens to.
 */
export class LiveMatchOrchestrator extends EventEmitter implements LegacyOrchestrator {
  private readonly logger = new Logger(LiveMatchOrchestrator.name);

  constructor(
    private readonly pool: Pool,
    private readonly lock: MatchLock,
    private readonly nowMs: () => number = Date.now,
  ) {
    super();
  }

  /** Never throws: an error of any kind is a `rejected`. */
  async updateMatch(matchId: string, updates: readonly FieldUpdate[], sourceName: string): Promise<UpdateResult> {
    let token: string | null = null;
    try {
      token = await this.lock.acquire(matchId, sourceName);
      if (token === null) {
        this.emit('match:update:retry', { matchId, updates, source: sourceName });
        return { status: 'retry', reason: 'Lock busy - another job is writing to this match' };
      }
      return await this.writeLocked(matchId, updates, sourceName);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.error({ message: 'An update of a match failed', matchId, reason });
      return { status: 'rejected', reason: `Internal error: ${reason}` };
    } finally {
      if (token !== null) await this.lock.release(matchId, token).catch(() => undefined);
    }
  }

  /** Ready to be passed to `updateMatch`. */
  async calculateMinute(_matchId: string, row: LegacyRow): Promise<FieldUpdate | null> {
    const timestamp = this.nowS();
    const value = calculateLegacyMinute(row, timestamp);
    return value === null
      ? null
      : { field: 'minute', value, source: 'computed', priority: COMPUTED_PRIORITY, timestamp };
  }

  async healthCheck(): Promise<{ healthy: boolean; redis: boolean }> {
    const redis = await this.lock.ping().catch(() => false);
    return { healthy: redis, redis };
  }

  async getStats(): Promise<{
    redisStats: { connected: boolean };
    eventListeners: { event: string; listeners: number }[];
  }> {
    return {
      redisStats: { connected: await this.lock.ping().catch(() => false) },
      eventListeners: EVENTS.map((event) => ({ event, listeners: this.listenerCount(event) })),
    };
  }

  async shutdown(): Promise<void> {
    this.removeAllListeners();
    await this.lock.close();
  }

  private async writeLocked(
    matchId: string,
    updates: readonly FieldUpdate[],
    sourceName: string,
  ): Promise<UpdateResult> {
    const row: LegacyRow | undefined = (await this.pool.query(SELECT_ROW, [matchId])).rows[0];
    if (!row) return { status: 'rejected', reason: 'Match not found in database' };
    const accepted = this.acceptedOf(row, updates);
    if (accepted.size === 0) {
      return { status: 'rejected', reason: 'All updates rejected by conflict resolution rules' };
    }
    await this.pool.query(updateStatement([...accepted.keys()]), [matchId, ...accepted.values()]);
    const fieldsUpdated = [...accepted.keys()].filter((column) => !/_(source|timestamp)$/.test(column));
    this.emit('match:updated', { matchId, fields: fieldsUpdated, source: sourceName });
    return { status: 'success', fieldsUpdated };
  }

  /** Columns to write, with those of provenance. Every field is judged against the row as it was read. */
  private acceptedOf(row: LegacyRow, updates: readonly FieldUpdate[]): Map<string, unknown> {
    const accepted = new Map<string, unknown>();
    const accept = ({ field, value, source, timestamp }: Omit<FieldUpdate, 'priority'>) => {
      accepted.set(field, value);
      const prefix = PROVENANCE.get(field);
      if (!prefix) return;
      accepted.set(`${prefix}_source`, source);
      accepted.set(`${prefix}_timestamp`, timestamp);
    };
    const nowS = this.nowS();
    for (const update of updates) if (decideField(row, update, nowS)) accept(update);
    if (isTerminal(accepted.get('status_id'))) {
      accept({ field: 'minute', value: null, source: 'computed', timestamp: nowS });
      accepted.set('ended', true);
    }
    return accepted;
  }

  private nowS(): number {
    return Math.floor(this.nowMs() / 1000);
  }
}
