import { type ConfigurableModuleAsyncOptions, type DynamicModule, Global, Module } from '@nestjs/common';
import { AfterCommitModule } from './after-commit/after-commit.module.js';
import { BroadcastModule } from './broadcast/broadcast.module.js';
import { MatchCacheModule } from './cache/cache.module.js';
import { MatchTimes, STANDARD_TIMES } from './contracts/match-times.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { FeedRecoveryModule } from './feed-recovery/feed-recovery.module.js';
import { ForeignWritersModule } from './foreign-writers/foreign-writers.module.js';
import { HealthModule } from './health/health.module.js';
import { LogsModule } from './kernel/logs.module.js';
import { readOptions } from './kernel/options.js';
import { optionsModule } from './kernel/options-module.js';
import { object, oneOf } from './kernel/options-rules.js';
import { LeaseModule } from './lease/lease.module.js';
import { LegacyCallersModule } from './legacy-bridge/legacy-callers.module.js';
import {
  type LiveScoreExtras,
  type LiveScoreOptions,
  ResolvedLiveScoreOptions,
  resolveLiveScoreOptions,
} from './live-score.options.js';
import { MatchDetailsModule } from './match-details/match-details.module.js';
import { MinuteModule } from './minute/minute.module.js';
import { MqttIngestModule } from './mqtt-ingest/mqtt-ingest.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { PostgresModule } from './postgres/postgres.module.js';
import { ProviderModule } from './provider/provider.module.js';
import { ReannounceModule } from './reannounce/reannounce.module.js';
import { RecentChangesModule } from './reannounce/recent-changes.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RolloutModule } from './rollout/rollout.module.js';
import { ScoreWriterModule } from './score-writer/score-writer.module.js';
import { SettlementModule } from './settlement/settlement.module.js';
import { SyncModule } from './sync/sync.module.js';

const DEFAULT_EXTRAS: Required<LiveScoreExtras> = {
  healthRoutes: true,
  metricsRoute: false,
  liveRoutes: false,
  withRollout: false,
  role: 'both',
};

/** Holds the options of the whole composition: one asynchronous provider serves every feature, one check all of them. */
class LiveScoreOptionsModule extends optionsModule(
  'live-score',
  ResolvedLiveScoreOptions,
  (options: LiveScoreOptions | undefined, { role }: Required<LiveScoreExtras>) => {
    readOptions('LiveScoreModule', object({ role: oneOf(['both', 'gateway'], 'both') }), { role });
    return resolveLiveScoreOptions(options);
  },
  DEFAULT_EXTRAS,
  (definition) => ({ ...definition, exports: [ResolvedLiveScoreOptions] }),
) {}

/** A gateway computes no minute: what it reads names the format of each match. */
@Global()
@Module({ providers: [{ provide: MatchTimes, useValue: STANDARD_TIMES }], exports: [MatchTimes] })
class StandardTimesModule {}

/**
 * The module brings everything between the feed and the screen in one import. Call `connectLiveScoreFeed(app)` in
 * `main.ts` to start the feed. The features are global: their services (`ScoreWriter`, `CachedReads`, …) inject
 * anywhere in the host.
 */
@Module({})
export class LiveScoreModule {
  /** A bad option stops the application at boot with one `InvalidOptionError` for all of them, in either form. */
  static forRoot(options: LiveScoreOptions & LiveScoreExtras = {}): DynamicModule {
    return compose(LiveScoreOptionsModule.forRoot(options), options);
  }

  static forRootAsync(options: ConfigurableModuleAsyncOptions<LiveScoreOptions> & LiveScoreExtras): DynamicModule {
    return compose(LiveScoreOptionsModule.forRootAsync(options), options);
  }
}

function compose(
  holder: DynamicModule,
  {
    healthRoutes = true,
    metricsRoute = false,
    liveRoutes = false,
    withRollout = false,
    role = 'both',
  }: LiveScoreExtras,
): DynamicModule {
  const optionsOf = <Feature extends keyof LiveScoreOptions>(feature: Feature) => ({
    imports: [holder],
    inject: [ResolvedLiveScoreOptions],
    useFactory: (options: ResolvedLiveScoreOptions) => options[feature],
  });
  const health = HealthModule.forRootAsync({
    ...optionsOf('health'),
    controller: healthRoutes,
    metrics: metricsRoute,
  });
  const logs = LogsModule.forRootAsync({
    imports: [holder],
    inject: [ResolvedLiveScoreOptions],
    useFactory: ({ health, logs }: ResolvedLiveScoreOptions) => ({
      ...logs,
      service: logs?.service ?? health.service,
    }),
  });
  const cache = MatchCacheModule.forRootAsync(optionsOf('cache'));
  const postgres = PostgresModule.forRootAsync(optionsOf('postgres'));
  const operations = OperationsModule.forRootAsync(optionsOf('operations'));
  if (role === 'gateway') {
    const broadcast = BroadcastModule.forRootAsync({
      imports: [holder],
      inject: [ResolvedLiveScoreOptions],
      useFactory: (options: ResolvedLiveScoreOptions) => ({ ...options.broadcast, role }),
      liveRoutes,
    });
    return {
      module: LiveScoreModule,
      imports: [logs, postgres, RecentChangesModule, StandardTimesModule, cache, broadcast, health, operations],
    };
  }
  return {
    module: LiveScoreModule,
    imports: [
      logs,
      postgres,
      // after the database: modules end in the reverse order, and the lease is released into it
      LeaseModule.forRootAsync(optionsOf('lease')),
      // before whoever buries: it ends after them
      DeadLettersModule.forRootAsync(optionsOf('deadLetters')),
      ScoreWriterModule.forRootAsync(optionsOf('writer')),
      ForeignWritersModule.forRootAsync(optionsOf('foreignWriters')),
      MatchDetailsModule,
      RetentionModule.forRootAsync(optionsOf('retention')),
      // after the writers: a match is not left between two paths when they end
      ...(withRollout ? [RolloutModule.forRootAsync(optionsOf('rollout'))] : []),
      // before the feed: the guard judges by the formats that it has read
      MinuteModule.forRootAsync(optionsOf('minute')),
      SettlementModule.forRootAsync(optionsOf('settlement')),
      ProviderModule.forRootAsync(optionsOf('provider')),
      SyncModule.forRootAsync(optionsOf('sync')),
      FeedRecoveryModule.forRootAsync(optionsOf('recovery')),
      MqttIngestModule.forRootAsync(optionsOf('mqtt')),
      cache,
      BroadcastModule.forRootAsync({ ...optionsOf('broadcast'), liveRoutes }),
      AfterCommitModule,
      LegacyCallersModule,
      ReannounceModule,
      health,
      operations,
    ],
  };
}
