import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Poller } from '../../kernel/poller.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { LegacyPath } from '../../legacy-bridge/ports/legacy-path.js';
import { RolloutStore } from '../ports/rollout-store.js';

const AGAIN_AFTER_MS = 5_000;

/**
 * Notes once in the database what legacy path the host has, so that the command line can refuse stages that need one. Of
 * several processes the one that started last has the word. Tries every 5 s until it is noted.
 */
@Injectable()
export class LegacyPathNotice implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly poller: Poller;

  constructor(
    private readonly legacy: LegacyPath,
    private readonly store: RolloutStore,
    scheduler: Scheduler,
  ) {
    const warning = new SampledWarning(new Logger('Rollout'), 'The legacy path of this host could not be noted');
    this.poller = new Poller(scheduler, { everyMs: AGAIN_AFTER_MS, turn: () => this.note(), warning });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
    void this.poller.run();
  }

  onModuleDestroy(): void {
    void this.poller.stop();
  }

  private async note(): Promise<void> {
    await this.store.noteLegacyBinding(this.legacy.binding);
    void this.poller.stop();
  }
}
