import { Injectable, Optional } from '@nestjs/common';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { BroadcastStats } from './ports/broadcast-stats.js';

/** The broadcast reports how many clients are connected. */
@Injectable()
export class BroadcastHealthProbe extends HealthProbe {
  constructor(
    private readonly stats: BroadcastStats,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    return { clients: this.stats.counts().activeConnections };
  }
}
