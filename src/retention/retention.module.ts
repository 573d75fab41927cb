import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { PgRetentionStore } from './adapters/pg/pg-retention-store.js';
import { RetentionStore } from './ports/retention-store.js';
import { Retention } from './retention.js';
import { ResolvedRetentionOptions, resolveRetentionOptions } from './retention.options.js';
import { TableSizes } from './table-sizes.js';

/** Deletes what the package keeps longer than it has to be kept. Needs `PostgresModule`. */
@Module({
  imports: [ContractsModule],
  providers: [{ provide: RetentionStore, useClass: PgRetentionStore }, TableSizes, Retention],
  exports: [RetentionStore],
})
export class RetentionModule extends optionsModule('retention', ResolvedRetentionOptions, resolveRetentionOptions) {}
