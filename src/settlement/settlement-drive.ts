import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { type Committed, CommittedChanges } from '../contracts/committed-changes.js';
import { MatchRouter } from '../contracts/match-router.js';
import { WriteFence } from '../contracts/write-fence.js';
import { within } from '../kernel/deadline.js';
import { Drain } from '../kernel/drain.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { maySpareOtherRows } from '../postgres/sql-state.js';
import { MatchSettlement } from './match-settlement.js';
import { PredictionRepository, type UnsettledMatch, type WorkingMode } from './ports/prediction-repository.js';
import { ResolvedSettlementOptions } from './settlement.options.js';
import { SettlementSettings } from './settlement-settings.js';

/** Matches that are read with one statement. */
const READ_AT_ONCE = 50;
/** Matches that wait; beyond them the sweep finds what was left out. */
const MOST_WAITING = 10_000;
const SWEPT_AT_ONCE = 500;
const FIRST_SWEEP_MS = 3 * 24 * 3_600_000;
const STOP_WAIT_MS = 2_000;

/**
 * Settles the matches that something happened to, in the process that takes the feed.
 *
 * *off* → (mode shadow or on, and the lease) → *waiting*: a committed change or the sweep names a match → *draining*: matches
 * are read, and settled one after the other, until none waits → *waiting*. A statement that fails leaves the matches where
 * they are, and the next sweep goes on. The first sweep of a term looks three days back: for what a crash left.
 */
@Injectable()
export class SettlementDrive implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly waiting = new Set<string>();
  /** read lately, and without predictions: until the next sweep, which finds predictions that came since */
  private readonly idle = new Set<string>();
  private readonly life = new Lifecycle();
  private readonly failures = new SampledWarning(new Logger('Settlement'), 'Predictions could not be settled');
  private readonly poller: Poller;
  private readonly draining = new Drain(
    () => this.mode !== null && this.waiting.size > 0,
    () => this.settleSome(),
  );
  private sweepsBack = FIRST_SWEEP_MS;
  /** id that the sweep has come to; it goes on behind it */
  private swept = '';

  constructor(
    private readonly options: ResolvedSettlementOptions,
    private readonly settings: SettlementSettings,
    private readonly repository: PredictionRepository,
    private readonly settlement: MatchSettlement,
    private readonly right: WriteFence,
    private readonly changes: CommittedChanges,
    private readonly scheduler: Scheduler,
    @Optional() private readonly router?: MatchRouter,
  ) {
    this.poller = new Poller(scheduler, { everyMs: options.sweepMs, turn: () => this.sweep(), warning: this.failures });
  }

  onModuleInit(): void {
    if (this.options.mode === 'off') return;
    this.life.start(() => this.changes.batches$.subscribe((batch) => this.hear(batch)));
  }

  onApplicationBootstrap(): void {
    if (this.options.mode !== 'off') this.poller.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.life.stop();
    await this.poller.stop(STOP_WAIT_MS);
    await within(this.drain(), STOP_WAIT_MS, this.scheduler);
  }

  /** Looks for what no commit tells, and settles it. Never rejects. */
  async look(): Promise<void> {
    await this.poller.run();
  }

  private get mode(): WorkingMode | null {
    const { mode } = this.settings;
    if (mode === 'off' || this.life.stopped || !this.right.granted || !(this.router?.active ?? true)) return null;
    return mode;
  }

  private hear(batch: readonly Committed[]): void {
    if (!this.mode) return;
    for (const change of batch) {
      if (change.kind === 'score' && !this.idle.has(change.matchId)) this.mark(change.matchId);
    }
    void this.drain();
  }

  private mark(matchId: string): void {
    if (!this.isOurs(matchId)) return;
    if (this.waiting.size < MOST_WAITING) this.waiting.add(matchId);
    else this.sweepsBack = FIRST_SWEEP_MS;
  }

  private isOurs(matchId: string): boolean {
    return !this.router || this.router.routeOf(matchId) === 'direct';
  }

  private async sweep(): Promise<void> {
    this.idle.clear();
    const { mode } = this;
    if (!mode) {
      this.sweepsBack = FIRST_SWEEP_MS;
      return;
    }
    const back = this.sweepsBack;
    // until this one has succeeded
    this.sweepsBack = FIRST_SWEEP_MS;
    const found = await this.repository.sweep(back, mode, { after: this.swept, limit: SWEPT_AT_ONCE });
    const isWhole = found.length < SWEPT_AT_ONCE;
    this.swept = isWhole ? '' : (found.at(-1) ?? '');
    if (isWhole) this.sweepsBack = 60_000 + 10 * this.options.sweepMs;
    for (const matchId of found) this.mark(matchId);
    await this.drain();
  }

  private async drain(): Promise<void> {
    try {
      await this.draining.run();
    } catch (error) {
      this.failed(error);
    }
  }

  /** The sweep finds again what a failure left, however long it lasts. */
  private failed(error: unknown, matchId?: string): void {
    this.sweepsBack = FIRST_SWEEP_MS;
    this.failures.warn({ waiting: this.waiting.size, matchId, error: String(error) });
  }

  private async settleSome(): Promise<void> {
    const { mode } = this;
    const ids = [...this.waiting].slice(0, READ_AT_ONCE);
    for (const matchId of ids) this.waiting.delete(matchId);
    if (mode) await this.settle(ids, mode);
  }

  private async settle(ids: readonly string[], mode: WorkingMode): Promise<void> {
    const matches = await this.repository.read(ids, mode);
    const found = new Set(matches.map(({ matchId }) => matchId));
    for (const matchId of ids) if (!found.has(matchId)) this.idle.add(matchId);
    for (const match of matches) await this.settleOne(match);
  }

  /** What somebody has locked, or a trigger of the host refuses, holds no other match up: the sweep comes back to it. */
  private async settleOne(match: UnsettledMatch): Promise<void> {
    try {
      const became = await this.settlement.settle(match, this.right.fence);
      if (became === 'more') this.mark(match.matchId);
      // whoever moved it on settles it; if nobody does, the sweep comes back to it
      if (became === 'moved') this.right.doubt();
    } catch (error) {
      if (!maySpareOtherRows(error)) throw error;
      this.failed(error, match.matchId);
    }
  }
}
