import { Injectable, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import { type Committed, CommittedChanges, type ScoreCommitted } from '../../contracts/committed-changes.js';
import { isLive } from '../../domain/match-status.js';
import { Accounting } from '../../kernel/accounting.js';
import { Clock } from '../../kernel/clock.js';
import { Lifecycle } from '../../kernel/lifecycle.js';
import { LiveScoreMetrics } from '../../kernel/livescore-metrics.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { MatchActivity, NOTHING_HEARD } from '../../mqtt-ingest/ports/match-activity.js';
import { classify } from '../../postgres/sql-state.js';
import { ShadowComparison } from '../shadow/shadow-comparison.js';
import { DatabaseStrain } from './database-strain.js';
import type { RolloutSlice } from './rollout-slice.js';

const MAX_LATENCIES = 1_000;
const STUCK_MS = 120_000;
/** Connection lost or refused, too many of them, server shutting down or out of resources. */
const SHARED_CODES = /^(none|08...|53...|57P..|58...|E[A-Z]{3,}.*)$/;

/** Since the last slice. */
interface Running {
  sinceMs: number;
  commits: number;
  latenciesMs: number[];
  different: number;
  readonly stuck: Set<string>;
}

/** Counters as they stood at the last slice. */
interface Counted {
  readonly dead: number;
  readonly ownErrors: number;
  readonly sharedErrors: number;
  readonly compared: number;
  readonly different: number;
}

/**
 * What the analysis needs to know of the direct path, slice by slice: from what was committed, from counters by
 * difference, and from looks at the database in between.
 */
@Injectable()
export class RolloutMeasures implements OnModuleInit, OnModuleDestroy {
  private running: Running;
  private counted: Counted | null = null;
  private hadTrouble = false;
  private readonly life = new Lifecycle();

  constructor(
    private readonly changes: CommittedChanges,
    private readonly accounting: Accounting,
    private readonly metrics: LiveScoreMetrics,
    @Optional() private readonly activity: MatchActivity = NOTHING_HEARD,
    private readonly strain: DatabaseStrain,
    private readonly shadow: ShadowComparison,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {
    this.running = nothingYet(scheduler.monotonicMs());
  }

  onModuleInit(): void {
    this.life.start(() =>
      this.changes.batches$.subscribe((batch) => {
        for (const change of batch) if (change.kind === 'score') this.take(change);
      }),
    );
  }

  onModuleDestroy(): void {
    this.life.stop();
  }

  /** A look at what has no history: many per slice. */
  poll(): void {
    this.strain.poll();
  }

  /** Forgets what has been measured since the last slice. */
  async startOver(): Promise<void> {
    this.running = nothingYet(this.scheduler.monotonicMs());
    this.strain.take();
    this.counted = await this.count();
  }

  /** What was measured since the last slice. */
  async slice(): Promise<RolloutSlice> {
    const trouble = await this.strain.probe();
    const nowMs = this.scheduler.monotonicMs();
    const { running } = this;
    const before = this.counted ?? (await this.count());
    const after = await this.count();
    this.running = nothingYet(nowMs);
    const { poolUse, unhealthy } = this.strain.take();
    this.counted = after;
    const ownErrors = after.ownErrors - before.ownErrors;
    const { commits, different } = running;
    const found = trouble ?? sharedTrouble(unhealthy, ownErrors, after.sharedErrors - before.sharedErrors);
    // what waited through it is written now
    const shared = found ?? (this.hadTrouble ? 'the database has just come back' : null);
    this.hadTrouble = found !== null;
    return {
      durationMs: nowMs - running.sinceMs,
      commits,
      failed: after.dead - before.dead + ownErrors,
      latenciesMs: running.latenciesMs,
      direct: { compared: commits + different, different },
      shadow: { compared: after.compared - before.compared, different: after.different - before.different },
      feedLagMs: this.feedLagMs(),
      stuckMatches: running.stuck.size,
      poolUse,
      shared,
    };
  }

  private take(change: Committed & ScoreCommitted): void {
    const { running } = this;
    if (change.source === 'foreign') {
      if (isVisible(change) && !isByAdmin(change)) running.different++;
      return;
    }
    running.commits++;
    this.keepLatency(Math.max(0, change.committedAtMs - change.receivedAtMs));
    if (change.catchUp && this.wasStuck(change)) running.stuck.add(change.matchId);
  }

  /** A fair sample of a slice with many commits: every one has the same chance to stay. */
  private keepLatency(latencyMs: number): void {
    const { latenciesMs, commits } = this.running;
    if (latenciesMs.length < MAX_LATENCIES) latenciesMs.push(latencyMs);
    else {
      const place = Math.floor(this.scheduler.random() * commits);
      if (place < MAX_LATENCIES) latenciesMs[place] = latencyMs;
    }
  }

  /**
   * The provider's answer brought what readers see, the feed had spoken of the match since its row last changed, and that
   * is more than two minutes ago: what the feed said was refused or got lost.
   */
  private wasStuck(change: ScoreCommitted): boolean {
    const { before, receivedAtMs, matchId } = change;
    if (!isLive(before.status) || !isVisible(change)) return false;
    const sinceMs = Math.max(before.scoreSourceAtS ?? 0, before.statusSinceS ?? 0) * 1000;
    const pushedAtMs = this.activity.lastPushAtMs(matchId);
    return receivedAtMs - sinceMs > STUCK_MS && pushedAtMs !== null && pushedAtMs > receivedAtMs - STUCK_MS;
  }

  private feedLagMs(): number {
    const { oldestAtMs } = this.accounting.inFlight();
    return oldestAtMs === null ? 0 : Math.max(0, this.clock.nowMs() - oldestAtMs);
  }

  private async count(): Promise<Counted> {
    let ownErrors = 0;
    let sharedErrors = 0;
    for (const { labels, value } of (await this.metrics.writeErrors.get()).values) {
      const code = String(labels.code);
      if (SHARED_CODES.test(code)) sharedErrors += value;
      // permanent ones end as dead updates
      else if (classify({ code }) !== 'permanent') ownErrors += value;
    }
    const { dead } = this.accounting.balance();
    return { dead, ownErrors, sharedErrors, ...this.shadow.totals };
  }
}

function nothingYet(sinceMs: number): Running {
  return { sinceMs, commits: 0, latenciesMs: [], different: 0, stuck: new Set() };
}

function sharedTrouble(unhealthy: boolean, ownErrors: number, sharedErrors: number): string | null {
  if (sharedErrors > 0) return 'connections to the database broke or were refused';
  return unhealthy && ownErrors === 0 ? 'the database takes no writes' : null;
}

/** Status or display score: what the platform's readers look at. */
function isVisible({ before, after }: ScoreCommitted): boolean {
  return (
    before.status !== after.status || before.shown.home !== after.shown.home || before.shown.away !== after.shown.away
  );
}

/** An operator's correction is no fault of a path. */
function isByAdmin({ after }: ScoreCommitted): boolean {
  return after.scoreSource === 'admin' || after.statusSource === 'admin';
}
