import { ConfigurableModuleBuilder, type DynamicModule, Global, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { BroadcastGateway } from './adapters/ws/broadcast.gateway.js';
import { type BroadcastOptions, resolveBroadcastOptions } from './broadcast.options.js';
import { BroadcastService } from './broadcast.service.js';
import { BROADCAST_OPTIONS, RESOLVED_BROADCAST_OPTIONS } from './broadcast.tokens.js';
import { LegacyBroadcastBus } from './legacy-broadcast-bus.js';
import { BroadcastBus } from './ports/broadcast-bus.js';
import { BroadcastStats } from './ports/broadcast-stats.js';
import { ConnectCatchUp } from './ports/connect-catch-up.js';
import { LegacyBroadcastPort } from './ports/legacy-broadcast.js';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<BroadcastOptions>({
  optionsInjectionToken: BROADCAST_OPTIONS,
})
  .setClassMethodName('forRoot')
  .build();

/**
 * The WebSocket endpoint (`/ws`) on the host's HTTP server, Express or Fastify, beside its other endpoints. A host that
 * binds `LegacyBroadcastPort` keeps its own endpoint instead.
 */
@Global()
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: RESOLVED_BROADCAST_OPTIONS, useFactory: resolveBroadcastOptions, inject: [BROADCAST_OPTIONS] },
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
  ],
  exports: [BroadcastService, BroadcastBus, BroadcastStats],
})
export class BroadcastModule extends ConfigurableModuleClass {
  static override forRoot(options: BroadcastOptions = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: BroadcastModule };
  }
}
