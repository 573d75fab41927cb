import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { SharedModule } from '../shared/shared.module.js';
import { UpdateSink } from '../shared/update-sink.js';
import { PgScoreStore } from './adapters/pg/pg-score-store.js';
import { BatchFlusher } from './batch-flusher.js';
import { CommitPublisher } from './commit-publisher.js';
import { DecisionLog } from './decision-log.js';
import { DirectPath } from './direct-path.js';
import { DriftCheck } from './drift-check.js';
import { Mailboxes } from './mailboxes.js';
import { ScoreStore } from './ports/score-store.js';
import { RowLoader } from './row-loader.js';
import { ScoreWriter } from './score-writer.js';
import {
  ResolvedScoreWriterOptions,
  resolveScoreWriterOptions,
  type ScoreWriterOptions,
} from './score-writer.options.js';
import { WriterDrain } from './writer-drain.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<ScoreWriterOptions>({
  optionsInjectionToken: Symbol.for('@goalgpt/livescore/score-writer-options'),
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/** Guarded, batched, compare-and-set writes to `ts_matches`, with a journal row in the same statement. */
@Module({
  imports: [SharedModule],
  providers: [
    { provide: ResolvedScoreWriterOptions, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveScoreWriterOptions },
    { provide: ScoreStore, useClass: PgScoreStore },
    Mailboxes,
    RowLoader,
    BatchFlusher,
    DecisionLog,
    CommitPublisher,
    ScoreWriter,
    WriterDrain,
    DriftCheck,
    { provide: UpdateSink, useClass: DirectPath },
  ],
  exports: [UpdateSink, ScoreWriter],
})
export class ScoreWriterModule extends ConfigurableModuleClass {}
