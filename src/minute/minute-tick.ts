import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { MatchRouter } from '../contracts/match-router.js';
import { WriteFence } from '../contracts/write-fence.js';
import { within } from '../kernel/deadline.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { ScheduleRegistration } from '../schedule/ports/schedule-registration.js';
import { ResolvedMinuteOptions } from './minute.options.js';
import { MinuteHold } from './minute-hold.js';
import { MinutePass } from './minute-pass.js';
import { MinuteSettings } from './minute-settings.js';

/** Under this name the tick stands in the host's `SchedulerRegistry`. */
export const TICK_NAME = 'livescore.minute';

/** A match that was just met is looked at again within this time. */
const LONGEST_WAIT_MS = 1_000;
const STOP_WAIT_MS = 2_000;

/**
 * Gives every match that is being played its minute, in the process that takes the feed.
 *
 * *off* → (mode shadow or on) → a pass over all matches every `tickMs` → (mode off, or the lease lost) → *off*. With
 * `precise` and mode on, a pass over those whose minute changes follows at each boundary. Whoever deletes the tick from
 * the host's registry stops it.
 */
@Injectable()
export class MinuteTick implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly poller: Poller;
  private readonly boundary: Timer;
  private readonly failures = new SampledWarning(new Logger('Minute'), 'Minutes could not be written');

  constructor(
    private readonly options: ResolvedMinuteOptions,
    private readonly settings: MinuteSettings,
    private readonly pass: MinutePass,
    private readonly right: WriteFence,
    private readonly scheduler: Scheduler,
    private readonly hold: MinuteHold,
    @Optional() private readonly registration?: ScheduleRegistration,
    @Optional() private readonly router?: MatchRouter,
  ) {
    this.boundary = new Timer(scheduler);
    this.poller = new Poller(scheduler, { everyMs: options.tickMs, turn: () => this.turn(), warning: this.failures });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.poller.start();
    if (this.options.precise) this.await();
    if (this.options.mode !== 'off') await this.registration?.register(TICK_NAME);
  }

  async onModuleDestroy(): Promise<void> {
    this.boundary.stop();
    this.registration?.remove(TICK_NAME);
    await this.poller.stop(STOP_WAIT_MS);
    await within(this.letGo(), STOP_WAIT_MS, this.scheduler);
  }

  /** One tick at once, or the one under way. Never rejects. */
  tick(): Promise<void> {
    return this.poller.run();
  }

  private async turn(): Promise<void> {
    const { mode } = this.settings;
    const { isActive } = this;
    if (isActive) await this.pass.all(mode);
    await this.hold.keep(isActive && mode === 'on' ? this.pass.ours() : []);
  }

  private get isActive(): boolean {
    if (this.settings.mode === 'off' || !this.right.granted || !(this.router?.active ?? true)) return false;
    return !this.registration?.isRemoved(TICK_NAME);
  }

  private async letGo(): Promise<void> {
    try {
      await this.hold.release();
    } catch (error) {
      this.failures.warn({ error: String(error) });
    }
  }

  private await(): void {
    const waitMs = Math.min(this.pass.nextChangeInMs(), LONGEST_WAIT_MS);
    this.boundary.set(Math.max(0, waitMs), () => void this.cross());
  }

  /** Never beside a tick: both would write the same rows. */
  private async cross(): Promise<void> {
    await this.poller.underWay;
    try {
      if (this.isActive && this.settings.mode === 'on') await this.pass.changed();
    } catch (error) {
      this.failures.warn({ error: String(error) });
    }
    this.await();
  }
}
