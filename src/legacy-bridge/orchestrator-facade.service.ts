import { Injectable, Logger, Optional } from '@nestjs/common';
import { fateOf } from '../contracts/fate-of.js';
import { MatchRouter } from '../contracts/match-router.js';
import { UpdateSink } from '../contracts/update-sink.js';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { within } from '../kernel/deadline.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { type LoadedMatch, MatchLoader } from '../score-writer/ports/match-loader.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { WriterHealth } from '../score-writer/ports/writer-health.js';
import { matchIdProblem } from '../thesports/match-id.js';
import { computeMinute } from './compute-minute.js';
import { toMatchUpdate } from './field-updates.js';
import { LegacyEvents } from './legacy-events.service.js';
import {
  type FieldUpdate,
  LegacyOrchestrator,
  type MinuteRow,
  type UpdateResult,
} from './ports/legacy-orchestrator.js';
import {
  answerTo,
  answerToNothing,
  argumentProblem,
  internalError,
  moving,
  NOT_FOUND,
  notHere,
  rejected,
  unanswered,
} from './update-answer.js';

const WAIT_MS = 2_000;
type Listener = (...args: unknown[]) => void;

/**
 * The call shape of the platform's LiveMatchOrchestrator on top of the guarded writer, so that its callers are switched
 * by dependency injection alone. Field rules and locks give way to the guard; what it refuses is `rejected` with the
 * documented text.
 *
 * A match that is not on the direct path goes to the bound `LegacyOrchestrator`, unchanged; without one it is rejected.
 * While a match changes path the answer is `retry`.
 */
@Injectable()
export class OrchestratorFacade {
  private readonly logger = new Logger(OrchestratorFacade.name);
  private readonly refusals = new SampledWarning(this.logger, 'Fields that the direct path does not write were given');

  constructor(
    private readonly sink: UpdateSink,
    private readonly states: MatchStates,
    private readonly loader: MatchLoader,
    private readonly events: LegacyEvents,
    private readonly accounting: Accounting,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
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
    return computeMinute(row, Math.floor(this.clock.nowMs() / 1000));
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
    if (!this.router || this.router.routeOf(matchId) === 'direct') return this.writeDirectly(matchId, updates);
    if (this.legacy) return this.legacy.updateMatch(matchId, updates, sourceName);
    return rejected('The match is on the legacy path, and no LegacyOrchestrator is bound');
  }

  private async writeDirectly(matchId: string, updates: readonly FieldUpdate[]): Promise<UpdateResult> {
    const problem = argumentProblem(updates);
    if (problem !== null) return internalError(problem);
    if (!this.states.peek(matchId)) {
      const missing = answerToMissing(await this.loader.load(matchId, WAIT_MS));
      if (missing) return missing;
    }
    // nothing may come between this look and the submit: slots that are not given would go back
    const state = this.states.peek(matchId);
    if (!state) return unanswered();
    if (this.router?.isMoving(matchId)) return moving();
    const mapped = toMatchUpdate(state, updates, this.clock.nowMs());
    if (mapped.refused.size > 0) this.refusals.warn({ matchId, fields: [...mapped.refused.keys()] });
    if (!mapped.update) return answerToNothing(mapped);
    this.accounting.received(1);
    const outcome = await within(fateOf(mapped.update, this.sink), WAIT_MS, this.scheduler);
    return outcome ? answerTo(outcome, mapped) : unanswered();
  }
}

/** null: the match is known */
function answerToMissing(loaded: LoadedMatch): UpdateResult | null {
  switch (loaded) {
    case 'no-row':
      return rejected(NOT_FOUND);
    case 'late':
      return unanswered();
    case 'not-ours':
      return notHere();
    default:
      return null;
  }
}
