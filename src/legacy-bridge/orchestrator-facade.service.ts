import { Injectable, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { Clock } from '../kernel/clock.js';
import { WriterHealth } from '../score-writer/ports/writer-health.js';
import { matchIdProblem } from '../thesports/match-id.js';
import { FieldUpdateWriter } from './field-update-writer.js';
import { LegacyEvents } from './legacy-events.service.js';
import { minuteField } from './minute-field.js';
import {
  type FieldUpdate,
  LegacyOrchestrator,
  type MinuteRow,
  type UpdateResult,
} from './ports/legacy-orchestrator.js';
import { internalError, moving, rejected } from './update-answer.js';

type Listener = (...args: unknown[]) => void;

/**
 * The façade has the call shape of the platform's LiveMatchOrchestrator on top of the guarded writer, so that its
 * callers are switched by dependency injection alone. Field rules and locks give way to the guard; what it refuses is
 * `rejected` with the documented text.
 *
 * A match that is not on the direct path goes to the bound `LegacyOrchestrator`, unchanged; without one it is rejected.
 * While a match changes path the answer is `retry`.
 */
@Injectable()
export class OrchestratorFacade {
  constructor(
    private readonly direct: FieldUpdateWriter,
    private readonly events: LegacyEvents,
    private readonly clock: Clock,
    @Optional() private readonly router?: MatchRouter,
    @Optional() private readonly legacy?: LegacyOrchestrator,
    @Optional() private readonly writer?: WriterHealth,
  ) {}

  /**
   * Never throws. Answers after the commit, within about 4 s: 2 s for the row and 2 s for the write, then `retry`; the
   * update may be written all the same.
   * @param sourceName who calls; told to the listeners of `match:update:retry`
   */
  async updateMatch(matchId: string, updates: readonly FieldUpdate[], sourceName: string): Promise<UpdateResult> {
    try {
      const result = await this.route(matchId, updates, sourceName);
      if (result.status === 'retry') this.events.emit('match:update:retry', { matchId, updates, source: sourceName });
      return result;
    } catch (error) {
      return internalError(error);
    }
  }

  /** The minute as the package computes it; null where the status has none. The writer stores it by itself. */
  async calculateMinute(_matchId: string, row: MinuteRow): Promise<FieldUpdate | null> {
    return minuteField(row, Math.floor(this.clock.nowMs() / 1000));
  }

  /** There is no lock server any more: `redis` repeats `healthy`, which says whether scores reach the database. */
  async healthCheck(): Promise<{ healthy: boolean; redis: boolean }> {
    const healthy = this.writer?.healthy ?? true;
    return { healthy, redis: healthy };
  }

  getStats(): { redisStats: null; eventListeners: { event: string; listeners: number }[] } {
    const eventListeners = this.events
      .eventNames()
      .map((event) => ({ event: String(event), listeners: this.events.listenerCount(event) }));
    return { redisStats: null, eventListeners };
  }

  /** Removes all listeners. The writer ends with the application. */
  async shutdown(): Promise<void> {
    this.events.removeAllListeners();
  }

  on(event: string, listener: Listener): this {
    this.events.on(event, listener);
    return this;
  }

  once(event: string, listener: Listener): this {
    this.events.once(event, listener);
    return this;
  }

  off(event: string, listener: Listener): this {
    this.events.off(event, listener);
    return this;
  }

  addListener(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  removeListener(event: string, listener: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: string): this {
    this.events.removeAllListeners(event);
    return this;
  }

  listenerCount(event: string): number {
    return this.events.listenerCount(event);
  }

  emit(event: string, ...args: unknown[]): boolean {
    return this.events.emit(event, ...args);
  }

  private async route(matchId: string, updates: readonly FieldUpdate[], sourceName: string): Promise<UpdateResult> {
    const problem = matchIdProblem(matchId);
    if (problem !== null) return internalError(`not a match id (${problem})`);
    if (this.router?.isMoving(matchId)) return moving();
    if (!this.router || this.router.routeOf(matchId) === 'direct') return this.direct.write(matchId, updates);
    if (this.legacy) return this.legacy.updateMatch(matchId, updates, sourceName);
    return rejected('The match is on the legacy path, and no LegacyOrchestrator is bound');
  }
}
