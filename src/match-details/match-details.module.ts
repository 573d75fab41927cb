import { Global, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { DetailsSink } from '../contracts/details-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import { PgDetailsStore } from './adapters/pg/pg-details-store.js';
import { MatchDetailsWriter } from './match-details-writer.js';
import { DetailsStore } from './ports/details-store.js';

/**
 * The module stores statistics, incidents and commentary in `ts_matches` and announces cards, substitutions and added
 * time, each once. Needs `PostgresModule`.
 */
@Global()
@Module({
  imports: [ContractsModule],
  providers: [
    WriteFence,
    { provide: DetailsStore, useClass: PgDetailsStore },
    { provide: DetailsSink, useClass: MatchDetailsWriter },
  ],
  exports: [DetailsSink],
})
export class MatchDetailsModule {}
