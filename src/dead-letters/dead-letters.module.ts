import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { DeadLetterSink } from '../contracts/dead-letter-sink.js';
import { optionsModule } from '../kernel/options-module.js';
import { whereDatabase } from '../postgres/database.js';
import { PgDeadLetterStore } from './adapters/pg/pg-dead-letter-store.js';
import { PgLetterDesk } from './adapters/pg/pg-letter-desk.js';
import { DeadLetterKeeper } from './dead-letter-keeper.js';
import { ResolvedDeadLettersOptions, resolveDeadLettersOptions } from './dead-letters.options.js';
import { LetterAttempts } from './letter-attempts.js';
import { LetterRedrive } from './letter-redrive.js';
import { ParkedReplay } from './parked-replay.js';
import { DeadLetterStore } from './ports/dead-letter-store.js';
import { LetterDesk } from './ports/letter-desk.js';

/**
 * The module keeps what did not reach its row in `livescore_dead_letter`, tries parked updates again when this process
 * begins to take the feed, and whatever an operator asks for. Needs `PostgresModule` and `ScoreWriterModule`.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: DeadLetterStore, useClass: PgDeadLetterStore },
    whereDatabase(LetterDesk, PgLetterDesk),
    DeadLetterKeeper,
    { provide: DeadLetterSink, useExisting: DeadLetterKeeper },
    LetterAttempts,
    ParkedReplay,
    LetterRedrive,
  ],
  exports: [DeadLetterSink, LetterDesk],
})
export class DeadLettersModule extends optionsModule(
  'dead-letters',
  ResolvedDeadLettersOptions,
  resolveDeadLettersOptions,
) {}
