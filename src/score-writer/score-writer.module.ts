import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { MatchRouter } from '../contracts/match-router.js';
import { UpdateSink } from '../contracts/update-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import { PgScoreStore } from './adapters/pg/pg-score-store.js';
import { BatchFlusher } from './batch-flusher.js';
import { CommitReports } from './commit-reports.js';
import { DecisionLog } from './decision-log.js';
import { DriftCheck } from './drift-check.js';
import { GuardCircumstances } from './guard-circumstances.js';
import { LookupRequests } from './lookup-requests.js';
import { Mailboxes } from './mailboxes.js';
import { MatchHandover } from './match-handover.js';
import { OnDemandMatchLoader } from './on-demand-match-loader.js';
import { MatchLoader } from './ports/match-loader.js';
import { MatchStates } from './ports/match-states.js';
import { ScoreStore } from './ports/score-store.js';
import { WriterHealth } from './ports/writer-health.js';
import { RowLoader } from './row-loader.js';
import { ScoreWriter } from './score-writer.js';
import {
  ResolvedScoreWriterOptions,
  resolveScoreWriterOptions,
  type ScoreWriterOptions,
} from './score-writer.options.js';
import { UpdateSplitter } from './update-splitter.js';
import { WriterDrain } from './writer-drain.js';
import { WriterNeighbours } from './writer-neighbours.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<ScoreWriterOptions>({
  optionsInjectionToken: Symbol.for('@goalgpt/livescore/score-writer-options'),
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/** Guarded, batched, compare-and-set writes to `ts_matches`, with a journal row in the same statement. */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: ResolvedScoreWriterOptions, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveScoreWriterOptions },
    { provide: ScoreStore, useClass: PgScoreStore },
    WriteFence,
    Mailboxes,
    LookupRequests,
    RowLoader,
    BatchFlusher,
    DecisionLog,
    CommitReports,
    GuardCircumstances,
    WriterNeighbours,
    ScoreWriter,
    WriterDrain,
    DriftCheck,
    UpdateSplitter,
    {
      provide: UpdateSink,
      inject: [UpdateSplitter, { token: MatchRouter, optional: true }],
      useFactory: (direct: UpdateSplitter, router?: MatchRouter): UpdateSink => router?.sinkBefore(direct) ?? direct,
    },
    { provide: MatchStates, useClass: MatchHandover },
    { provide: MatchLoader, useClass: OnDemandMatchLoader },
    { provide: WriterHealth, useExisting: ScoreWriter },
  ],
  exports: [
    UpdateSink,
    ScoreWriter,
    ScoreStore,
    WriterHealth,
    MatchStates,
    MatchLoader,
    WriteFence,
    ResolvedScoreWriterOptions,
  ],
})
export class ScoreWriterModule extends ConfigurableModuleClass {}
