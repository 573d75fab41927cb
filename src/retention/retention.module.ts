import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { PgRetentionStore } from './adapters/pg/pg-retention-store.js';
import { RetentionStore } from './ports/retention-store.js';
import { Retention } from './retention.js';
import { ResolvedRetentionOptions, resolveRetentionOptions } from './retention.options.js';

/** Deletes journal, letters and decisions that are older than they have to be kept. Needs `PostgresModule`. */
@Module({
  imports: [ContractsModule],
  providers: [{ provide: RetentionStore, useClass: PgRetentionStore }, Retention],
})
export class RetentionModule extends optionsModule('retention', ResolvedRetentionOptions, resolveRetentionOptions) {}
