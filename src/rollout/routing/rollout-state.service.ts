import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { MatchRoute } from '../../contracts/match-router.js';
import { rolloutBucket } from '../../domain/rollout-bucket.js';
import { within } from '../../kernel/deadline.js';
import { EventLog } from '../../kernel/event-log.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { Poller } from '../../kernel/poller.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { NoLegacyPathError } from '../../legacy-bridge/ports/legacy-path.errors.js';
import {
  ROLLOUT_STAGES,
  type RolloutChange,
  type RolloutSetting,
  type RolloutSnapshot,
  type RolloutStage,
  RolloutStore,
} from '../ports/rollout-store.js';
import { ResolvedRolloutOptions } from '../rollout.options.js';
import { EMPTY_SNAPSHOT, FIRST_SETTING, type RolloutCaps, RouteRules } from './route-rules.js';
import { sameChange, sameSnapshot } from './same-snapshot.js';

/** Longest wait for the first answer of the database at the start. */
const FIRST_READ_MS = 2_000;

/** The rollout went from one snapshot to another, as this process sees them, lowered by nothing. */
export interface RolloutChanged {
  readonly from: RolloutSnapshot;
  readonly to: RolloutSnapshot;
}

/**
 * The state tells which path every match takes, as the database says and this process allows. Read before the feed
 * starts and then every `pollMs`; while the database cannot be asked the last answer holds, and before the first one
 * everything is legacy.
 */
@Injectable()
export class RolloutState implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Rollout');
  private readonly poller: Poller;
  private readonly subject = new Subject<RolloutChanged>();
  /** Every difference that was seen, after it took effect here. */
  readonly changes$: Observable<RolloutChanged> = this.subject.asObservable();
  /** What this process was told to allow at most when it started. */
  readonly caps: RolloutCaps;
  private seen: RolloutSnapshot = EMPTY_SNAPSHOT;
  private rules: RouteRules;

  constructor(
    options: ResolvedRolloutOptions,
    private readonly store: RolloutStore,
    private readonly scheduler: Scheduler,
    private readonly events: EventLog,
    private readonly metrics: LiveScoreMetrics,
  ) {
    const { killSwitch, maxStage, legacy } = options;
    this.caps = { killSwitch, maxStage, legacy };
    this.rules = new RouteRules(this.seen, this.caps);
    this.poller = new Poller(scheduler, {
      everyMs: options.pollMs,
      turn: () => this.read(),
      warning: new SampledWarning(this.logger, 'The setting of the rollout could not be read'),
      facts: () => ({ stage: this.stage }),
    });
    this.measure();
  }

  get snapshot(): RolloutSnapshot {
    return this.seen;
  }

  /** As it is set, not lowered by what this process allows. */
  get setting(): RolloutSetting {
    return this.seen.change ?? FIRST_SETTING;
  }

  /** The stage in force in this process. */
  get stage(): RolloutStage {
    return this.rules.stage;
  }

  /** Share of the matches that go the direct way in this process, 0–100, lists and pins apart. */
  get percent(): number {
    return this.rules.percent;
  }

  /** Can any match leave the legacy path? */
  get active(): boolean {
    return this.rules.active;
  }

  /** Can any match be on the direct path? */
  get mayGoDirect(): boolean {
    return this.rules.mayGoDirect;
  }

  /** @param bucket where the caller has worked it out before */
  routeOf(matchId: string, bucket = rolloutBucket(matchId)): MatchRoute {
    return this.rules.routeOf(matchId, bucket);
  }

  async onModuleInit(): Promise<void> {
    this.poller.start();
    const { killSwitch, maxStage } = this.caps;
    if (killSwitch || maxStage !== 'direct')
      this.logger.warn('This process lowers the rollout', { killSwitch, maxStage });
    await within(this.refresh(), FIRST_READ_MS, this.scheduler);
  }

  onModuleDestroy(): void {
    void this.poller.stop();
  }

  /**
   * Changes the setting for all processes, unless somebody else has changed it since this one looked.
   * @param by who, as the history shows it
   * @returns the change, in force here already; null when somebody else was faster: `setting` is theirs then
   * @throws NoLegacyPathError when the setting needs a legacy path and the host has none
   * @throws the driver's error when the database cannot be asked
   */
  async set(setting: RolloutSetting, by: string, reason: string): Promise<RolloutChange | null> {
    if (this.caps.legacy === 'none' && setting.stage !== 'direct') throw new NoLegacyPathError();
    const change = await this.store.append(setting, by, reason, this.seen.change?.id ?? null);
    // one that is under way may have been answered before
    await this.poller.underWay;
    await this.refresh();
    return change;
  }

  /** Asks the database now. Never rejects. */
  refresh(): Promise<void> {
    return this.poller.run();
  }

  private async read(): Promise<void> {
    this.adopt(await this.store.read());
  }

  private adopt(to: RolloutSnapshot): void {
    const from = this.seen;
    if (sameSnapshot(from, to)) return;
    const before = this.rules;
    this.seen = to;
    this.rules = new RouteRules(to, this.caps);
    this.measure();
    if (!sameChange(from.change, to.change)) this.report(before, to.change);
    this.subject.next({ from, to });
  }

  private report(before: RouteRules, change: RolloutChange | null): void {
    this.events.write(this.logger, 'rollout.changed', {
      from: wordsOf(before),
      to: wordsOf(this.rules),
      set: change?.stage ?? 'legacy',
      by: change?.changedBy ?? null,
      reason: change?.reason ?? null,
      latched: change?.latched ?? false,
    });
  }

  private measure(): void {
    for (const stage of ROLLOUT_STAGES) this.metrics.rolloutStage.set({ stage }, stage === this.stage ? 1 : 0);
    this.metrics.rolloutRatio.set(this.percent / 100);
  }
}

function wordsOf({ stage, percent }: RouteRules): string {
  return stage === 'canary' ? `canary ${percent} %` : stage;
}
