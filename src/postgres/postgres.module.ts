import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { KernelModule } from '../kernel/kernel.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { connectionOf, schemaOf } from './adapters/pg/connection-of.js';
import { hostDataSource } from './adapters/pg/host-data-source.js';
import { PgDatabase } from './adapters/pg/pg-database.js';
import { Database } from './database.js';
import { DatabaseProbe } from './database-probe.js';
import { ResolvedPostgresOptions, resolvePostgresOptions } from './postgres.options.js';

/** The package's own connections. Closed last, after every feature has drained. */
@Module({
  imports: [KernelModule],
  providers: [
    {
      provide: Database,
      inject: [ResolvedPostgresOptions, ModuleRef],
      useFactory: async (options: ResolvedPostgresOptions, moduleRef: ModuleRef): Promise<Database> => {
        const host = await hostDataSource(moduleRef, options.dataSource);
        return new PgDatabase(connectionOf(options.connection, host), options, options.schema ?? schemaOf(host));
      },
    },
    DatabaseProbe,
  ],
  exports: [Database],
})
export class PostgresModule
  extends optionsModule('postgres', ResolvedPostgresOptions, resolvePostgresOptions)
  implements OnApplicationShutdown
{
  constructor(@Inject(Database) private readonly database: PgDatabase) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
