import { ConfigurableModuleBuilder, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { connectionOf } from './adapters/pg/connection-of.js';
import { PgDatabase } from './adapters/pg/pg-database.js';
import { Database } from './database.js';
import { type PostgresOptions, resolvePostgresOptions } from './postgres.options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<PostgresOptions>({
  optionsInjectionToken: Symbol.for('@goalgpt/livescore/postgres-options'),
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/** The package's own connections. Closed last, after every feature has drained. */
@Module({
  providers: [
    {
      provide: Database,
      inject: [MODULE_OPTIONS_TOKEN, { token: getDataSourceToken(), optional: true }],
      useFactory: (options: PostgresOptions, dataSource?: DataSource): Database => {
        const resolved = resolvePostgresOptions(options);
        return new PgDatabase(connectionOf(resolved.connection, dataSource), resolved);
      },
    },
  ],
  exports: [Database],
})
export class PostgresModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: PgDatabase) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
