import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { MatchRouter } from '../contracts/match-router.js';
import { UpdateSink } from '../contracts/update-sink.js';
import { WriteFence } from '../contracts/write-fence.js';
import { optionsModule } from '../kernel/options-module.js';
import { whereDatabase } from '../postgres/database.js';
import { AcceptedRows } from './accepted-rows.js';
import { PgMatchEnd } from './adapters/pg/pg-match-end.js';
import { PgScoreStore } from './adapters/pg/pg-score-store.js';
import { BatchFlusher } from './batch-flusher.js';
import { CommitReports } from './commit-reports.js';
import { DecisionLog } from './decision-log.js';
import { DecisionMemory } from './decision-memory.js';
import { Disputes } from './disputes.js';
import { DriftCheck } from './drift-check.js';
import { FedRows } from './fed-rows.js';
import { ForeignChangePublisher } from './foreign-change-publisher.js';
import { GuardCircumstances } from './guard-circumstances.js';
import { LookupRequests } from './lookup-requests.js';
import { Mailboxes } from './mailboxes.js';
import { MatchHandover } from './match-handover.js';
import { OnDemandMatchLoader } from './on-demand-match-loader.js';
import { ForeignChanges } from './ports/foreign-changes.js';
import { MatchEnd } from './ports/match-end.js';
import { MatchLoader } from './ports/match-loader.js';
import { MatchStates } from './ports/match-states.js';
import { RecentDecisions } from './ports/recent-decisions.js';
import { ScoreStore } from './ports/score-store.js';
import { WriterHealth } from './ports/writer-health.js';
import { Questions } from './questions.js';
import { RowLoader } from './row-loader.js';
import { ScoreWriter } from './score-writer.js';
import { ResolvedScoreWriterOptions, resolveScoreWriterOptions } from './score-writer.options.js';
import { ToldGoals } from './told-goals.js';
import { UnfedRows } from './unfed-rows.js';
import { WriterDrain } from './writer-drain.js';
import { WriterHealthProbe } from './writer-health-probe.js';
import { WriterNeighbours } from './writer-neighbours.js';

/** Guarded, batched, compare-and-set writes to `ts_matches`, with a journal row in the same statement. */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: ScoreStore, useClass: PgScoreStore },
    whereDatabase(MatchEnd, PgMatchEnd),
    WriteFence,
    Mailboxes,
    LookupRequests,
    Questions,
    ToldGoals,
    RowLoader,
    BatchFlusher,
    DecisionMemory,
    { provide: RecentDecisions, useExisting: DecisionMemory },
    Disputes,
    { provide: ForeignChanges, useClass: ForeignChangePublisher },
    DecisionLog,
    WriterHealthProbe,
    CommitReports,
    GuardCircumstances,
    WriterNeighbours,
    ScoreWriter,
    WriterDrain,
    AcceptedRows,
    FedRows,
    UnfedRows,
    DriftCheck,
    {
      provide: UpdateSink,
      inject: [ScoreWriter, { token: MatchRouter, optional: true }],
      useFactory: (direct: ScoreWriter, router?: MatchRouter): UpdateSink => router?.sinkBefore(direct) ?? direct,
    },
    { provide: MatchStates, useClass: MatchHandover },
    { provide: MatchLoader, useClass: OnDemandMatchLoader },
    { provide: WriterHealth, useExisting: ScoreWriter },
  ],
  exports: [
    ForeignChanges,
    RecentDecisions,
    UpdateSink,
    ScoreWriter,
    ScoreStore,
    WriterHealth,
    MatchStates,
    MatchLoader,
    MatchEnd,
    WriteFence,
    ResolvedScoreWriterOptions,
  ],
})
export class ScoreWriterModule extends optionsModule(
  'score-writer',
  ResolvedScoreWriterOptions,
  resolveScoreWriterOptions,
) {}
