import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { WriteFence } from '../contracts/write-fence.js';
import { isLive } from '../domain/match-status.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { structuredEvent } from '../kernel/structured-event.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { ResolvedScoreWriterOptions } from '../score-writer/score-writer.options.js';
import { ForeignNews } from './foreign-news.js';
import { type ForeignWrite, ForeignWriteStore } from './ports/foreign-write-store.js';
import { type ForeignWriterMode, PEOPLE } from './ports/foreign-writers.js';
import { TriggerMode } from './trigger-mode.js';

const POLL_MS = 500;
const WRITES_PER_POLL = 1_000;
const PRUNE_EVERY_POLLS = 120;
const KEPT_TRACES = 10_000;
/** Rows whose score does not change are protected again long before it ends. */
const RENEWALS_PER_TERM = 4;

/**
 * Twice a second, in the process that takes the feed: the mode of the foreign-writer trigger, and what it noted.
 *
 * off or observe → (mode protect) → rows of matches that are not ours any more are let go, those that are ours are
 * protected, by every statement from now on and four times per term → (another mode) → statements protect no more.
 * A process that loses the feed starts over when it has it again. While all matches are on the legacy path nothing is
 * protected.
 */
@Injectable()
export class ForeignWriterWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('ForeignWriters');
  private readonly poller: Poller;
  private polls = 0;
  private renewAtMs = Number.NEGATIVE_INFINITY;
  /** rows that an earlier process protected were looked for */
  private swept = false;

  constructor(
    private readonly options: ResolvedScoreWriterOptions,
    private readonly store: ForeignWriteStore,
    private readonly foreign: TriggerMode,
    private readonly news: ForeignNews,
    private readonly states: MatchStates,
    private readonly right: WriteFence,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    private readonly metrics: LiveScoreMetrics,
    @Optional() private readonly router?: MatchRouter,
  ) {
    this.poller = new Poller(scheduler, {
      everyMs: POLL_MS,
      turn: () => this.look(),
      warning: new SampledWarning(this.logger, 'The mode of the foreign-writer trigger could not be read'),
      facts: () => ({ mode: foreign.mode }),
    });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  onModuleDestroy(): void {
    void this.poller.stop();
  }

  /** One look at once, or the one under way. Never rejects. */
  poll(): Promise<void> {
    return this.poller.run();
  }

  private async look(): Promise<void> {
    if (!this.right.granted) {
      this.startOver();
      return;
    }
    const { mode, authorities, writes } = await this.store.read(WRITES_PER_POLL);
    this.enter(mode);
    await this.nameAuthorities(authorities ?? PEOPLE);
    for (const { mode: was, result } of writes) this.metrics.foreignWrites.inc({ mode: was, result });
    this.report(writes);
    await this.news.tell(writes);
    if (mode === 'protect') await this.protect();
    if (this.polls++ % PRUNE_EVERY_POLLS === 0) await this.store.prune(KEPT_TRACES);
  }

  /** The trigger follows the options of the host that takes the feed. */
  private async nameAuthorities(named: readonly string[]): Promise<void> {
    const { authorities } = this.foreign;
    const isSame = named.length === authorities.length && authorities.every((source) => named.includes(source));
    if (!isSame) await this.store.nameAuthorities(authorities);
  }

  private startOver(): void {
    this.foreign.protectMs = null;
    this.swept = false;
    this.renewAtMs = Number.NEGATIVE_INFINITY;
  }

  private enter(mode: ForeignWriterMode): void {
    const from = this.foreign.mode;
    if (mode !== 'protect') this.startOver();
    else this.foreign.protectMs = this.options.protectMs;
    if (mode === from) return;
    this.foreign.mode = mode;
    this.logger.log(structuredEvent('foreign_writers.mode', { from, to: mode }, this.clock));
  }

  private async protect(): Promise<void> {
    if (!this.swept) await this.letGo();
    this.swept = true;
    const nowMs = this.scheduler.monotonicMs();
    if (nowMs < this.renewAtMs) return;
    const ours = this.states.held().filter((matchId) => this.isFollowed(matchId));
    if (ours.length > 0) await this.store.protect(ours, this.options.protectMs);
    this.renewAtMs = nowMs + this.options.protectMs / RENEWALS_PER_TERM;
  }

  /** What a process that was killed left protected must not keep the legacy path from writing. */
  private async letGo(): Promise<void> {
    if (!this.router) return;
    const others = (await this.store.protectedMatches()).filter((id) => this.router?.routeOf(id) !== 'direct');
    if (others.length > 0) await this.store.unprotect(others);
  }

  private isFollowed(matchId: string): boolean {
    const state = this.states.peek(matchId);
    return state !== null && isLive(state.status) && (this.router?.routeOf(matchId) ?? 'direct') === 'direct';
  }

  private report(writes: readonly ForeignWrite[]): void {
    if (writes.length === 0) return;
    const counts: Record<string, number> = {};
    for (const { result } of writes) counts[result] = (counts[result] ?? 0) + 1;
    const matches = [...new Set(writes.map(({ matchId }) => matchId))].slice(0, 5);
    this.logger.warn(structuredEvent('foreign_writers.seen', { level: 'warn', ...counts, matches }, this.clock));
  }
}
