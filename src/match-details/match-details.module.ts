import { Global, Module } from '@nestjs/common';
import { DetailsSink } from '../shared/details-sink.js';
import { SharedModule } from '../shared/shared.module.js';
import { WriteRight } from '../shared/write-right.js';
import { PgDetailsStore } from './adapters/pg/pg-details-store.js';
import { MatchDetailsWriter } from './match-details-writer.js';
import { DetailsStore } from './ports/details-store.js';

/**
 * Stores statistics, incidents and commentary in `ts_matches` and announces cards and substitutions, each once.
 * Needs `PostgresModule`.
 */
@Global()
@Module({
  imports: [SharedModule],
  providers: [
    WriteRight,
    { provide: DetailsStore, useClass: PgDetailsStore },
    { provide: DetailsSink, useClass: MatchDetailsWriter },
  ],
  exports: [DetailsSink],
})
export class MatchDetailsModule {}
