import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { IngestLease } from '../contracts/ingest-lease.js';
import { PgLeaseStore } from './adapters/pg/pg-lease-store.js';
import { type LeaseOptions, ResolvedLeaseOptions, resolveLeaseOptions } from './lease.options.js';
import { LeaseHolder } from './lease-holder.js';
import { LeaseStore } from './ports/lease-store.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } = new ConfigurableModuleBuilder<LeaseOptions>({
  optionsInjectionToken: Symbol.for('@goalgpt/livescore/lease-options'),
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/**
 * Of all processes on one database, one takes the feed: the holder of the lease. Exports {@link IngestLease}, which is
 * undefined with `enabled: false`, as without this module. Import it after `PostgresModule`: modules end in the reverse
 * order, and the lease is released while the database is still there.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: ResolvedLeaseOptions, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveLeaseOptions },
    { provide: LeaseStore, useClass: PgLeaseStore },
    LeaseHolder,
    {
      provide: IngestLease,
      inject: [LeaseHolder, ResolvedLeaseOptions],
      useFactory: (holder: LeaseHolder, { enabled }: ResolvedLeaseOptions) => (enabled ? holder : undefined),
    },
  ],
  exports: [IngestLease],
})
export class LeaseModule extends ConfigurableModuleClass {
  /** @throws InvalidOptionError at bootstrap, when an option is wrong */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: LeaseModule };
  }
}
