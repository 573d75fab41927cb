import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { optionsModule } from '../kernel/options-module.js';
import { BroadcastGateway } from './adapters/ws/broadcast.gateway.js';
import { ResolvedBroadcastOptions, resolveBroadcastOptions } from './broadcast.options.js';
import { BroadcastService } from './broadcast.service.js';
import { BroadcastHealthProbe } from './broadcast-health-probe.js';
import { LegacyBroadcastBus } from './legacy-broadcast-bus.js';
import { BroadcastBus } from './ports/broadcast-bus.js';
import { BroadcastStats } from './ports/broadcast-stats.js';
import { ConnectCatchUp } from './ports/connect-catch-up.js';
import { LegacyBroadcastPort } from './ports/legacy-broadcast.js';

/**
 * The WebSocket endpoint (`/ws`) on the host's HTTP server, Express or Fastify, beside its other endpoints. A host that
 * binds `LegacyBroadcastPort` keeps its own endpoint instead.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    BroadcastGateway,
    { provide: BroadcastStats, useExisting: BroadcastGateway },
    { provide: ConnectCatchUp, useExisting: BroadcastGateway },
    {
      provide: BroadcastBus,
      inject: [BroadcastGateway, LiveScoreMetrics, { token: LegacyBroadcastPort, optional: true }],
      useFactory: (
        gateway: BroadcastGateway,
        metrics: LiveScoreMetrics,
        broadcaster?: LegacyBroadcastPort,
      ): BroadcastBus => (broadcaster ? new LegacyBroadcastBus(broadcaster, metrics) : gateway),
    },
    BroadcastService,
    BroadcastHealthProbe,
  ],
  exports: [BroadcastService, BroadcastBus, BroadcastStats],
})
export class BroadcastModule extends optionsModule('broadcast', ResolvedBroadcastOptions, resolveBroadcastOptions) {}
