import { Injectable, Optional } from '@nestjs/common';
import type { InternalFacts } from '../contracts/health-facts.js';
import { type HealthPart, HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { BroadcastStats } from './ports/broadcast-stats.js';

/** The broadcast reports how many clients are connected, and what else asked for its endpoint. */
@Injectable()
export class BroadcastHealthProbe extends HealthProbe {
  constructor(
    private readonly stats: BroadcastStats,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
  }

  override health(): HealthPart {
    const counts = this.stats.counts();
    return {
      clients: counts.activeConnections,
      sockets: {
        taken: counts.takenSockets,
        refused: counts.refusedConnections,
        cut_off: counts.floodingClients + counts.slowClients + counts.deadClients,
      },
    };
  }

  override internal(): InternalFacts {
    const { activeConnections, totalConnections, totalDisconnections, uptimeMs } = this.stats.counts();
    return { webSocket: { activeConnections, totalConnections, totalDisconnections, uptimeMs } };
  }
}
