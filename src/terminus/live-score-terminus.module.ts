import { Module } from '@nestjs/common';
import { HostChecks } from '../health/ports/host-checks.js';
import { KernelModule } from '../kernel/kernel.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { silentTerminus, TerminusAdapter } from './adapters/terminus/terminus-adapter.js';
import { BroadcastIndicator } from './indicators/broadcast.indicator.js';
import { DatabaseIndicator } from './indicators/database.indicator.js';
import { FeedIndicator } from './indicators/feed.indicator.js';
import { LeaseIndicator } from './indicators/lease.indicator.js';
import { PoolIndicator } from './indicators/pool.indicator.js';
import { ProviderIndicator } from './indicators/provider.indicator.js';
import { SyncIndicator } from './indicators/sync.indicator.js';
import { WritesIndicator } from './indicators/writes.indicator.js';
import { type LiveScoreTerminusOptions, ResolvedTerminusOptions, resolveTerminusOptions } from './terminus.options.js';
import { TerminusHostChecks } from './terminus-host-checks.js';

const INDICATORS = [
  BroadcastIndicator,
  DatabaseIndicator,
  FeedIndicator,
  LeaseIndicator,
  PoolIndicator,
  ProviderIndicator,
  SyncIndicator,
  WritesIndicator,
];

/**
 * The module joins the package's health to `@nestjs/terminus`: `GET /ready` also runs the checks that the host names,
 * and the package's indicators can be injected into a controller of the host. `GET /health` stays what it is, whatever
 * a check says. Needs `LiveScoreModule` or `HealthModule`.
 */
@Module({
  imports: [KernelModule],
  providers: [TerminusAdapter, { provide: HostChecks, useClass: TerminusHostChecks }, ...INDICATORS],
  exports: [HostChecks, ...INDICATORS],
})
export class LiveScoreTerminusModule extends optionsModule(
  'terminus',
  ResolvedTerminusOptions,
  (options?: LiveScoreTerminusOptions) => resolveTerminusOptions(options),
  {},
  (definition) => ({ ...definition, imports: [...(definition.imports ?? []), silentTerminus()] }),
) {}
