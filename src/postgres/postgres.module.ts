import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { optionsModule } from '../kernel/options-module.js';
import { connectionOf } from './adapters/pg/connection-of.js';
import { PgDatabase } from './adapters/pg/pg-database.js';
import { Database } from './database.js';
import { ResolvedPostgresOptions, resolvePostgresOptions } from './postgres.options.js';

/** The package's own connections. Closed last, after every feature has drained. */
@Module({
  providers: [
    {
      provide: Database,
      inject: [ResolvedPostgresOptions, { token: getDataSourceToken(), optional: true }],
      useFactory: (options: ResolvedPostgresOptions, dataSource?: DataSource): Database =>
        new PgDatabase(connectionOf(options.connection, dataSource), options),
    },
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
