import { Injectable, Optional } from '@nestjs/common';
import type { InternalFacts } from '../contracts/health-facts.js';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { EntitySyncWorker } from './sync-worker.service.js';
import { LiveLists } from './watch/live-lists.js';

/** Which entities and jobs are kept, and which of them have trouble. */
@Injectable()
export class SyncHealthProbe extends HealthProbe {
  constructor(
    private readonly worker: EntitySyncWorker,
    private readonly lists: LiveLists,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    const status = this.worker.status();
    const named = (jobs: typeof status) => jobs.map(({ name }) => name);
    return {
      sync: {
        mode: this.worker.mode,
        running: named(status.filter(({ isRunning }) => isRunning)),
        incomplete: named(
          status.filter(({ isEnabled, verdict }) => isEnabled && verdict !== null && verdict !== 'complete'),
        ),
        off: named(status.filter(({ isEnabled }) => !isEnabled)),
      },
    };
  }

  override internal(): InternalFacts {
    return { liveGap: this.worker.comparesLive ? this.lists.facts() : { state: 'off', gap: null } };
  }
}
