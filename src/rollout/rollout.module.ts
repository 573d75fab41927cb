import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { MatchRouter } from '../contracts/match-router.js';
import { optionsModule } from '../kernel/options-module.js';
import { LegacyPathModule } from '../legacy-bridge/legacy-path.module.js';
import { LegacyPathSettings } from '../legacy-bridge/ports/legacy-path.js';
import { Database, ReadDatabase } from '../postgres/database.js';
import { PgRolloutReads } from './adapters/pg/pg-rollout-reads.js';
import { PgRolloutStore } from './adapters/pg/pg-rollout-store.js';
import { PgShadowStore } from './adapters/pg/pg-shadow-store.js';
import { RolloutReads } from './ports/rollout-reads.js';
import { RolloutStore } from './ports/rollout-store.js';
import { ShadowSink } from './ports/shadow-sink.js';
import { ShadowStore } from './ports/shadow-store.js';
import { ResolvedRolloutOptions, type RolloutOptions, resolveRolloutOptions } from './rollout.options.js';
import { RolloutHealthProbe } from './rollout-health-probe.js';
import { LegacyPathNotice } from './routing/legacy-path-notice.js';
import { LegacyRoute } from './routing/legacy-route.js';
import { PathExits } from './routing/path-exits.js';
import { RolloutRouter } from './routing/rollout-router.js';
import { RolloutState } from './routing/rollout-state.service.js';
import { ShadowComparison } from './shadow/shadow-comparison.js';
import { StageChanges } from './stage-changes.service.js';
import { DatabaseStrain } from './watch/database-strain.js';
import { RolloutController } from './watch/rollout-controller.service.js';
import { RolloutMeasures } from './watch/rollout-measures.js';
import { ResolvedRolloutWatchOptions } from './watch/rollout-watch.options.js';

/**
 * The module decides per match whether the legacy path or the direct one writes it. The host provides its message
 * handler as `LegacyFeedHandler`, or its queue as `LegacyScorePath`, in a global module; with neither it does not boot,
 * unless `legacy: 'none'` says so on purpose. Needs `PostgresModule` and `ScoreWriterModule`; import it after them.
 */
@Module({
  imports: [ContractsModule, LegacyPathModule],
  providers: [
    {
      provide: ResolvedRolloutWatchOptions,
      inject: [ResolvedRolloutOptions],
      useFactory: ({ watch }: ResolvedRolloutOptions) => watch,
    },
    { provide: RolloutStore, useClass: PgRolloutStore },
    { provide: ShadowStore, useClass: PgShadowStore },
    {
      provide: RolloutReads,
      inject: [Database, { token: ReadDatabase, optional: true }],
      useFactory: (database: Database, reads?: ReadDatabase) => new PgRolloutReads(reads ?? database),
    },
    StageChanges,
    RolloutState,
    RolloutHealthProbe,
    { provide: LegacyPathSettings, useExisting: ResolvedRolloutOptions },
    ShadowComparison,
    { provide: ShadowSink, useExisting: ShadowComparison },
    DatabaseStrain,
    RolloutMeasures,
    RolloutController,
    LegacyRoute,
    PathExits,
    LegacyPathNotice,
    RolloutRouter,
    { provide: MatchRouter, useExisting: RolloutRouter },
  ],
  exports: [
    RolloutState,
    RolloutController,
    RolloutStore,
    RolloutReads,
    StageChanges,
    MatchRouter,
    ResolvedRolloutOptions,
    LegacyPathSettings,
  ],
})
export class RolloutModule extends optionsModule('rollout', ResolvedRolloutOptions, (options?: RolloutOptions) =>
  resolveRolloutOptions(options),
) {}
