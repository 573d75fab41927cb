import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { EventLog } from '../kernel/event-log.js';
import { type FeatureMode, modeInForce } from '../kernel/feature-mode.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { PredictionRepository } from './ports/prediction-repository.js';
import { ResolvedSettlementOptions } from './settlement.options.js';

const POLL_MS = 1_000;
const STOP_WAIT_MS = 2_000;

/** The mode in force, as the table says and the options allow; while the database cannot be asked the last answer holds. */
@Injectable()
export class SettlementSettings implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Settlement');
  private readonly poller: Poller;
  private current: FeatureMode;

  constructor(
    private readonly options: ResolvedSettlementOptions,
    private readonly repository: PredictionRepository,
    scheduler: Scheduler,
    private readonly events: EventLog,
  ) {
    this.current = options.mode;
    this.poller = new Poller(scheduler, {
      everyMs: POLL_MS,
      turn: () => this.read(),
      warning: new SampledWarning(this.logger, 'The setting of the settlement could not be read'),
      facts: () => ({ mode: this.current }),
    });
  }

  get mode(): FeatureMode {
    return this.current;
  }

  /** Where the options say `off` nothing that is set can change it, and nobody asks. */
  onApplicationBootstrap(): void {
    if (this.options.mode === 'off') return;
    this.poller.start();
    void this.poller.run();
  }

  async onModuleDestroy(): Promise<void> {
    await this.poller.stop(STOP_WAIT_MS);
  }

  /** Asks the database now. Never rejects. */
  refresh(): Promise<void> {
    return this.poller.run();
  }

  private async read(): Promise<void> {
    const from = this.current;
    this.current = modeInForce(await this.repository.setting(), this.options.mode);
    if (this.current === from) return;
    this.events.write(this.logger, 'settlement.mode', { from, to: this.current });
  }
}
