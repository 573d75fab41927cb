import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { KernelModule } from '../kernel/kernel.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { connectionOf, schemaOf } from './adapters/pg/connection-of.js';
import { hostDataSource } from './adapters/pg/host-data-source.js';
import { PgDatabase } from './adapters/pg/pg-database.js';
import { Database, ReadDatabase } from './database.js';
import { DatabaseProbe } from './database-probe.js';
import { ResolvedPostgresOptions, resolvePostgresOptions } from './postgres.options.js';

/** Connections of those who only read: one may hang, and the other goes on. */
const READERS = 2;
const WAYS_IN = [ResolvedPostgresOptions, ModuleRef];

/** The module opens the package's own connections. Closed last, after every feature has drained. */
@Module({
  imports: [KernelModule],
  providers: [
    { provide: Database, inject: WAYS_IN, useFactory: open },
    {
      provide: ReadDatabase,
      inject: WAYS_IN,
      useFactory: (options: ResolvedPostgresOptions, moduleRef: ModuleRef) =>
        open({ ...options, poolSize: READERS }, moduleRef),
    },
    DatabaseProbe,
  ],
  exports: [Database, ReadDatabase],
})
export class PostgresModule
  extends optionsModule('postgres', ResolvedPostgresOptions, resolvePostgresOptions)
  implements OnApplicationShutdown
{
  constructor(
    @Inject(Database) private readonly database: PgDatabase,
    @Inject(ReadDatabase) private readonly readers: PgDatabase,
  ) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.readers.close(), this.database.close()]);
  }
}

async function open(options: ResolvedPostgresOptions, moduleRef: ModuleRef): Promise<PgDatabase> {
  const host = await hostDataSource(moduleRef, options.dataSource);
  return new PgDatabase(connectionOf(options.connection, host), options, options.schema ?? schemaOf(host));
}
