import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { PgForeignWriteStore } from './adapters/pg/pg-foreign-write-store.js';
import { ForeignNews } from './foreign-news.js';
import { ForeignWriterWatch } from './foreign-writer-watch.js';
import { ResolvedForeignWritersOptions, resolveForeignWritersOptions } from './foreign-writers.options.js';
import { ForeignWriteStore } from './ports/foreign-write-store.js';
import { ForeignWriters } from './ports/foreign-writers.js';
import { MatchProtection } from './ports/match-protection.js';
import { ProtectedRows } from './protected-rows.js';
import { RowProtection } from './row-protection.js';
import { TriggerMode } from './trigger-mode.js';
import { TrueRows } from './true-rows.js';

/**
 * The module keeps the modes of the foreign-writer trigger at run time: what it noted is counted and told, and in mode
 * `protect` the rows of the matches that are ours are kept protected. Needs `PostgresModule` and `ScoreWriterModule`.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: ForeignWriteStore, useClass: PgForeignWriteStore },
    { provide: MatchProtection, useClass: RowProtection },
    TriggerMode,
    { provide: ForeignWriters, useExisting: TriggerMode },
    TrueRows,
    ForeignNews,
    ProtectedRows,
    ForeignWriterWatch,
  ],
  exports: [ForeignWriters, MatchProtection, ForeignWriteStore],
})
export class ForeignWritersModule extends optionsModule(
  'foreign-writers',
  ResolvedForeignWritersOptions,
  resolveForeignWritersOptions,
) {}
