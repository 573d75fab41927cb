import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { IngestLease } from '../contracts/ingest-lease.js';
import { optionsModule } from '../kernel/options-module.js';
import { PgLeaseStore } from './adapters/pg/pg-lease-store.js';
import { ResolvedLeaseOptions, resolveLeaseOptions } from './lease.options.js';
import { LeaseHealthProbe } from './lease-health-probe.js';
import { LeaseHolder } from './lease-holder.js';
import { LeaseStore } from './ports/lease-store.js';

/**
 * Of all processes on one database, one takes the feed: the holder of the lease. Exports {@link IngestLease}, which is
 * undefined with `enabled: false`, as without this module. Import it after `PostgresModule`: modules end in the reverse
 * order, and the lease is released while the database is still there.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: LeaseStore, useClass: PgLeaseStore },
    LeaseHolder,
    LeaseHealthProbe,
    {
      provide: IngestLease,
      inject: [LeaseHolder, ResolvedLeaseOptions],
      useFactory: (holder: LeaseHolder, { enabled }: ResolvedLeaseOptions) => (enabled ? holder : undefined),
    },
  ],
  exports: [IngestLease],
})
export class LeaseModule extends optionsModule('lease', ResolvedLeaseOptions, resolveLeaseOptions) {}
