import { type ConfigurableModuleAsyncOptions, type DynamicModule, Module } from '@nestjs/common';
import { AfterCommitModule } from './after-commit/after-commit.module.js';
import { BroadcastModule } from './broadcast/broadcast.module.js';
import { MatchCacheModule } from './cache/cache.module.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { FeedRecoveryModule } from './feed-recovery/feed-recovery.module.js';
import { ForeignWritersModule } from './foreign-writers/foreign-writers.module.js';
import { HealthModule } from './health/health.module.js';
import { optionsModule } from './kernel/options-module.js';
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
import { PostgresModule } from './postgres/postgres.module.js';
import { ProviderModule } from './provider/provider.module.js';
import { ReannounceModule } from './reannounce/reannounce.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RolloutModule } from './rollout/rollout.module.js';
import { ScoreWriterModule } from './score-writer/score-writer.module.js';
import { SettlementModule } from './settlement/settlement.module.js';
import { SyncModule } from './sync/sync.module.js';

const DEFAULT_EXTRAS: Required<LiveScoreExtras> = { healthRoutes: true, metricsRoute: false, withRollout: false };

/** Holds the options of the whole composition: one asynchronous provider serves every feature, one check all of them. */
class LiveScoreOptionsModule extends optionsModule(
  'live-score',
  ResolvedLiveScoreOptions,
  resolveLiveScoreOptions,
  DEFAULT_EXTRAS,
  (definition) => ({ ...definition, exports: [ResolvedLiveScoreOptions] }),
) {}

/**
 * Everything between the feed and the screen in one import. Call `connectLiveScoreFeed(app)` in `main.ts` to start the
 * feed. The features are global: their services (`ScoreWriter`, `CachedReads`, …) inject anywhere in the host.
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
  { healthRoutes = true, metricsRoute = false, withRollout = false }: LiveScoreExtras,
): DynamicModule {
  const optionsOf = <Feature extends keyof LiveScoreOptions>(feature: Feature) => ({
    imports: [holder],
    inject: [ResolvedLiveScoreOptions],
    useFactory: (options: ResolvedLiveScoreOptions) => options[feature],
  });
  return {
    module: LiveScoreModule,
    imports: [
      PostgresModule.forRootAsync(optionsOf('postgres')),
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
      MatchCacheModule.forRootAsync(optionsOf('cache')),
      BroadcastModule.forRootAsync(optionsOf('broadcast')),
      AfterCommitModule,
      LegacyCallersModule,
      ReannounceModule,
      HealthModule.forRootAsync({ ...optionsOf('health'), controller: healthRoutes, metrics: metricsRoute }),
    ],
  };
}
