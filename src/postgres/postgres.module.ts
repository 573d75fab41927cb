import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { KernelModule } from '../kernel/kernel.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { connectionOf } from './adapters/pg/connection-of.js';
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
      inject: [ResolvedPostgresOptions, { token: getDataSourceToken(), optional: true }],
      useFactory: (options: ResolvedPostgresOptions, dataSource?: DataSource): Database =>
        new PgDatabase(connectionOf(options.connection, dataSource), options),
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
