import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { IngestLease } from '../../contracts/ingest-lease.js';
import { EventLog } from '../../kernel/event-log.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { Poller } from '../../kernel/poller.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import type { EventLevel } from '../../kernel/structured-event.js';
import { type RolloutDecision, RolloutStore } from '../ports/rollout-store.js';
import { RolloutState } from '../routing/rollout-state.service.js';
import { type Analysis, analyse } from './analysis.js';
import { DecisionRecords } from './decision-records.js';
import { RolloutMeasures } from './rollout-measures.js';
import { LONGEST_SLICES, type RolloutSlice, SLICES_PER_WINDOW, windowOf } from './rollout-slice.js';
import { ResolvedRolloutWatchOptions } from './rollout-watch.options.js';
import { nextPercent } from './step-plan.js';

const LOOKS_PER_SLICE = 10;
/** Longest wait for the round under way when the process ends. */
const LAST_ROUND_MS = 1_000;
/** As the history shows it. */
const BY = 'automatic';

/**
 * The controller watches over the direct path while it writes, in the process that takes the feed. Every sixth of a
 * window the last window is judged:
 *
 * - `roll-back` in canary and direct: the stage falls to `rollbackTo` and is latched until an operator sets another one
 * - `warn`: the soak time of the step plan starts over
 * - `inconclusive`: nothing; neither counts as soak time nor takes any away
 * - `healthy`: counts as soak time; when the step has soaked, the next share of the plan is set
 *
 * Another stage or share starts measuring anew, and so does a process that begins to take the feed. The first slice is
 * left out: every match that changed path has its row loaded first.
 */
@Injectable()
export class RolloutController implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Rollout');
  private readonly warning = new SampledWarning(this.logger, 'The rollout could not be changed automatically');
  private readonly subject = new Subject<RolloutDecision>();
  /** What was found and done, as it is kept in `livescore_rollout_decision`. */
  readonly decisions$: Observable<RolloutDecision> = this.subject.asObservable();
  private readonly records: DecisionRecords;
  private slices: RolloutSlice[] = [];
  private watched: string | null = null;
  private warm = false;
  private healthyMs = 0;
  private looks = 0;
  private readonly poller: Poller;
  private readonly rounds: Poller;

  constructor(
    private readonly options: ResolvedRolloutWatchOptions,
    private readonly state: RolloutState,
    private readonly measures: RolloutMeasures,
    store: RolloutStore,
    scheduler: Scheduler,
    private readonly events: EventLog,
    private readonly metrics: LiveScoreMetrics,
    @Optional() private readonly lease?: IngestLease,
  ) {
    this.records = new DecisionRecords(store, scheduler, options.windowMs);
    const { warning } = this;
    const sliceMs = options.windowMs / SLICES_PER_WINDOW;
    this.poller = new Poller(scheduler, { everyMs: sliceMs / LOOKS_PER_SLICE, turn: () => this.poll(), warning });
    this.rounds = new Poller(scheduler, { everyMs: sliceMs, turn: () => this.judge(), warning });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  onModuleDestroy(): void {
    void this.poller.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop(LAST_ROUND_MS);
    await this.records.stop(LAST_ROUND_MS);
  }

  /** Closes a slice and judges the window; the round under way while there is one. Never rejects. */
  round(): Promise<void> {
    return this.rounds.run();
  }

  private poll(): void {
    this.measures.poll();
    this.looks = (this.looks + 1) % LOOKS_PER_SLICE;
    if (this.looks === 0) void this.round();
  }

  private async judge(): Promise<void> {
    const { stage } = this.state;
    const watched = this.watchedNow();
    if (watched !== this.watched || stage === 'legacy') {
      this.watched = watched;
      this.slices = [];
      this.healthyMs = 0;
      this.warm = false;
      if (watched !== null) await this.measures.startOver();
      return;
    }
    if (watched === null) return;
    const slice = await this.measures.slice();
    // somebody changed the stage meanwhile: the slice is of both
    if (this.watchedNow() !== watched) return;
    if (!this.warm) {
      this.warm = true;
      return;
    }
    this.slices = [...this.slices, slice].slice(-LONGEST_SLICES);
    const analysis = analyse(windowOf(this.slices, stage, this.options.limits), this.options.limits);
    this.soak(analysis, slice);
    await this.act(analysis);
  }

  /** What the measurements belong to; null: nothing to watch over here. */
  private watchedNow(): string | null {
    const { stage, percent, setting } = this.state;
    if (stage === 'legacy' || (this.lease && this.lease.term === null)) return null;
    return `${stage}:${percent}:${setting.latched}:${this.lease?.term?.fence ?? 0}`;
  }

  private soak({ verdict }: Analysis, { durationMs }: RolloutSlice): void {
    this.metrics.rolloutVerdicts.inc({ verdict });
    if (verdict === 'healthy') this.healthyMs += durationMs;
    else if (verdict !== 'inconclusive') this.healthyMs = 0;
  }

  private async act(analysis: Analysis): Promise<void> {
    const { stage, percent } = this.state;
    const action = await this.actionFor(analysis);
    const { verdict, reason, numbers, measure } = analysis;
    const decision: RolloutDecision = { verdict, action, stage, percent, reason, numbers };
    if (this.records.isNews(decision, measure)) this.announce(decision);
  }

  private async actionFor({ verdict, reason }: Analysis): Promise<RolloutDecision['action']> {
    const { stage, setting } = this.state;
    if (verdict === 'roll-back' && (stage === 'canary' || stage === 'direct')) {
      const back = { ...setting, stage: this.options.rollbackTo, latched: true };
      return (await this.set(back, reason)) ? 'rolled-back' : 'none';
    }
    if (verdict !== 'healthy' || stage !== setting.stage) return 'none';
    const percent = nextPercent(setting, this.healthyMs);
    if (percent === null) return 'none';
    const soakedS = Math.round(this.healthyMs / 1000);
    return (await this.set({ ...setting, percent }, `Healthy for ${soakedS} s`)) ? 'stepped-up' : 'none';
  }

  /** Somebody else was faster, or the database is away: the next verdict tries again, if it still has to. */
  private async set(setting: RolloutState['setting'], reason: string): Promise<boolean> {
    try {
      return (await this.state.set(setting, BY, reason)) !== null;
    } catch (error) {
      this.warning.warn({ error: String(error) });
      return false;
    }
  }

  private announce(decision: RolloutDecision): void {
    this.records.add(decision);
    this.events.write(this.logger, 'rollout.decision', { level: levelOf(decision), ...decision });
    this.subject.next(decision);
  }
}

/** A path that was taken back stays back until somebody acts. */
function levelOf({ verdict, action }: RolloutDecision): EventLevel {
  if (verdict === 'roll-back') return action === 'rolled-back' ? 'error' : 'warn';
  return verdict === 'warn' ? 'warn' : 'info';
}
