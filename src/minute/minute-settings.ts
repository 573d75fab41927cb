import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { Clock } from '../kernel/clock.js';
import { within } from '../kernel/deadline.js';
import { EventLog } from '../kernel/event-log.js';
import { type FeatureMode, modeInForce } from '../kernel/feature-mode.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { MatchFormats } from './match-formats.js';
import { ResolvedMinuteOptions } from './minute.options.js';
import { type FormatDispute, MinuteStore } from './ports/minute-store.js';

/** Longest wait for the first answer of the database at the start: a first frame is judged by its format. */
const FIRST_READ_MS = 2_000;
const MOST_UNSTORED = 1_000;

/**
 * The mode in force and the formats, as the tables say and the options allow. Read before the feed starts and then every
 * `pollMs`; while the database cannot be asked the last answer holds. What this process has to note there goes with it.
 */
@Injectable()
export class MinuteSettings implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Minute');
  private readonly refusedFormats = new SampledWarning(this.logger, 'Formats of matches are not known');
  private readonly poller: Poller;
  private readonly unstored = new Map<string, FormatDispute>();
  private current: FeatureMode;

  constructor(
    private readonly options: ResolvedMinuteOptions,
    private readonly store: MinuteStore,
    private readonly formats: MatchFormats,
    private readonly scheduler: Scheduler,
    private readonly clock: Clock,
    private readonly events: EventLog,
    @Optional() private readonly router?: MatchRouter,
  ) {
    this.current = options.mode;
    this.poller = new Poller(scheduler, {
      everyMs: options.pollMs,
      turn: () => this.read(),
      warning: new SampledWarning(this.logger, 'The setting of the minute could not be read'),
      facts: () => ({ mode: this.current }),
    });
  }

  get mode(): FeatureMode {
    return this.current;
  }

  async onModuleInit(): Promise<void> {
    this.poller.start();
    await within(this.poller.run(), FIRST_READ_MS, this.scheduler);
  }

  async onModuleDestroy(): Promise<void> {
    await this.poller.stop(FIRST_READ_MS);
  }

  /** Asks the database now. Never rejects. */
  refresh(): Promise<void> {
    return this.poller.run();
  }

  /** From now on here, and in the table with the next look at it. */
  dispute(dispute: FormatDispute): void {
    this.formats.dispute(dispute);
    if (this.unstored.size < MOST_UNSTORED) this.unstored.set(dispute.matchId, dispute);
  }

  private async read(): Promise<void> {
    for (const dispute of this.unstored.values()) {
      await this.store.dispute(dispute);
      this.unstored.delete(dispute.matchId);
    }
    const nowS = (this.router?.active ?? true) ? Math.floor(this.clock.nowMs() / 1000) : null;
    const setting = await this.store.setting(this.formats.competitions, nowS);
    this.formats.adopt(setting, [...this.unstored.values()]);
    if (this.formats.refused.length > 0) this.refusedFormats.warn({ formats: this.formats.refused.slice(0, 5) });
    this.enter(setting.mode);
  }

  private enter(set: string | null): void {
    const from = this.current;
    this.current = modeInForce(set, this.options.mode);
    if (this.current === from) return;
    this.events.write(this.logger, 'minute.mode', { from, to: this.current });
  }
}
