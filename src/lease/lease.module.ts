import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { HostKey } from '../contracts/host-key.js';
import { IngestLease } from '../contracts/ingest-lease.js';
import { optionsModule } from '../kernel/options-module.js';
import { PgHostRows } from './adapters/pg/pg-host-rows.js';
import { PgLeaseStore } from './adapters/pg/pg-lease-store.js';
import { HostRecord } from './host-record.js';
import { ResolvedLeaseOptions, resolveLeaseOptions } from './lease.options.js';
import { LeaseHealthProbe } from './lease-health-probe.js';
import { LeaseHolder } from './lease-holder.js';
import { HostRows } from './ports/host-rows.js';
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
    { provide: HostRows, useClass: PgHostRows },
    HostRecord,
    { provide: HostKey, useExisting: HostRecord },
    {
      provide: IngestLease,
      inject: [LeaseHolder, ResolvedLeaseOptions],
      useFactory: (holder: LeaseHolder, { enabled }: ResolvedLeaseOptions) => (enabled ? holder : undefined),
    },
  ],
  exports: [IngestLease, HostKey, HostRows],
})
export class LeaseModule extends optionsModule('lease', ResolvedLeaseOptions, resolveLeaseOptions) {}
