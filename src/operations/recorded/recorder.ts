import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { HealthProbes } from '../../contracts/health-probe.js';
import { ToldChanges } from '../../contracts/told-changes.js';
import { FeedMonitor } from '../../feed-recovery/feed-monitor.service.js';
import { Clock } from '../../kernel/clock.js';
import { Lifecycle } from '../../kernel/lifecycle.js';
import { Poller } from '../../kernel/poller.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { FEED_CODES, type FeedChangeFact, type ProcessFacts, type SeriesFacts } from '../facts.js';
import { ResolvedOperationsOptions } from '../operations.options.js';
import { type Counted, Counters } from './counters.js';
import { rounded } from './measured.js';
import { ProcessLoad } from './process-load.js';
import { POINT_EVERY_S, Series } from './series.js';
import { ToldScores } from './told-scores.js';
import { isWithin, type Window } from './window.js';

const MOST_FEED_CHANGES = 100;

/**
 * Keeps in memory what the page shows of the past: a point of the series each 5 s, and the states of the feed. It runs from the
 * bootstrap to the end where somebody may open the page, and not at all where nobody may.
 */
@Injectable()
export class Recorder implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly life = new Lifecycle();
  private readonly series = new Series();
  private readonly load = new ProcessLoad();
  private readonly poller: Poller;
  private feedChanges: readonly FeedChangeFact[] = [];
  private before: (Counted & { readonly atMs: number }) | null = null;

  constructor(
    private readonly options: ResolvedOperationsOptions,
    private readonly counters: Counters,
    private readonly scores: ToldScores,
    private readonly told: ToldChanges,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly probes?: HealthProbes,
    @Optional() private readonly feed?: FeedMonitor,
  ) {
    const warning = new SampledWarning(new Logger('Operations'), 'A point of the series could not be measured');
    this.poller = new Poller(scheduler, { everyMs: POINT_EVERY_S * 1_000, turn: () => this.point(), warning });
  }

  onModuleInit(): void {
    if (!this.mayBeSeen) return;
    this.life.start(() => this.told.batches$.subscribe((batch) => this.scores.take(batch)));
    const changes = this.feed?.changes$.subscribe(({ atMs, from, to, reason }) => {
      this.feedChanges = [...this.feedChanges.slice(-(MOST_FEED_CHANGES - 1)), { atMs, from, to, reason }];
    });
    if (changes) this.life.own(changes);
  }

  onApplicationBootstrap(): void {
    if (!this.life.started) return;
    this.load.start();
    this.life.own(() => this.load.stop());
    this.poller.start();
    void this.poller.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.life.stop();
    await this.poller.stop();
  }

  get process(): ProcessFacts {
    return this.load.facts;
  }

  seriesIn(window: Window): SeriesFacts {
    return this.series.facts(window);
  }

  feedIn(window: Window): readonly FeedChangeFact[] {
    return this.feedChanges.filter(({ atMs }) => isWithin(atMs, window));
  }

  private get mayBeSeen(): boolean {
    return this.options.guard !== undefined || this.options.secret !== undefined;
  }

  private async point(): Promise<void> {
    const now = { ...(await this.counters.read()), atMs: this.scheduler.monotonicMs() };
    const { before } = this;
    this.before = now;
    const { receiveToScreen, receiveToCommit, commitToScreen } = this.scores.takeLatency();
    const { loopP99Ms } = this.load.take();
    if (!before) return;
    const rate = (name: 'messages' | 'commits' | 'rejected' | 'errors') =>
      rounded(((now[name] - before[name]) * 1_000) / Math.max(1, now.atMs - before.atMs));
    this.series.add({
      atMs: this.clock.nowMs(),
      messagesPerS: rate('messages'),
      commitsPerS: rate('commits'),
      rejectedPerS: rate('rejected'),
      errorsPerS: rate('errors'),
      p50Ms: receiveToScreen.p50,
      p95Ms: receiveToScreen.p95,
      p99Ms: receiveToScreen.p99,
      commitP95Ms: receiveToCommit.p95,
      screenP95Ms: commitToScreen.p95,
      clients: this.probes?.health().clients ?? null,
      feed: FEED_CODES[this.feed?.state ?? 'unknown'],
      ...comparedBetween(before, now),
      loopP99Ms,
    });
  }
}

function comparedBetween(before: Counted, now: Counted): { consistencyPercent: number | null; leadMs: number | null } {
  const consistent = now.consistent - before.consistent;
  const compared = consistent + now.inconsistent - before.inconsistent;
  const leads = now.leads - before.leads;
  return {
    consistencyPercent: compared === 0 ? null : rounded((consistent / compared) * 100),
    leadMs: leads === 0 ? null : rounded(((now.leadS - before.leadS) / leads) * 1_000),
  };
}
