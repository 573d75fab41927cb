import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import { EventLog } from '../kernel/event-log.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ForeignNews } from './foreign-news.js';
import { type ForeignWrite, ForeignWriteStore } from './ports/foreign-write-store.js';
import { type ForeignWriterMode, PEOPLE } from './ports/foreign-writers.js';
import { ProtectedRows } from './protected-rows.js';
import { TriggerMode } from './trigger-mode.js';

const POLL_MS = 500;
const WRITES_PER_POLL = 1_000;
const PRUNE_EVERY_POLLS = 120;
const KEPT_TRACES = 10_000;

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

  constructor(
    private readonly store: ForeignWriteStore,
    private readonly foreign: TriggerMode,
    private readonly news: ForeignNews,
    private readonly rows: ProtectedRows,
    private readonly right: WriteFence,
    scheduler: Scheduler,
    private readonly events: EventLog,
    private readonly metrics: LiveScoreMetrics,
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
    if (mode === 'protect') await this.rows.renew();
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
    this.rows.startOver();
  }

  private enter(mode: ForeignWriterMode): void {
    const from = this.foreign.mode;
    if (mode !== 'protect') this.startOver();
    else this.foreign.protectMs = this.rows.protectMs;
    if (mode === from) return;
    this.foreign.mode = mode;
    this.events.write(this.logger, 'foreign_writers.mode', { from, to: mode });
  }

  private report(writes: readonly ForeignWrite[]): void {
    if (writes.length === 0) return;
    const counts: Record<string, number> = {};
    for (const { result } of writes) counts[result] = (counts[result] ?? 0) + 1;
    const matches = [...new Set(writes.map(({ matchId }) => matchId))].slice(0, 5);
    this.events.write(this.logger, 'foreign_writers.seen', { level: 'warn', ...counts, matches });
  }
}
