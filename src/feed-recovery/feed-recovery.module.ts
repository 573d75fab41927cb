import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { PgJournalWatermark } from './adapters/pg/pg-journal-watermark.js';
import { PgLiveMatches } from './adapters/pg/pg-live-matches.js';
import { FeedFreshness } from './feed-freshness.service.js';
import { FeedMonitor } from './feed-monitor.service.js';
import {
  type FeedRecoveryOptions,
  ResolvedFeedRecoveryOptions,
  resolveFeedRecoveryOptions,
} from './feed-recovery.options.js';
import { FeedReport } from './feed-report.js';
import { LiveMatchWatch } from './live-match-watch.js';
import { JournalWatermark } from './ports/journal-watermark.js';
import { LiveMatches } from './ports/live-matches.js';
import { ProviderCacheAge } from './provider-cache-age.js';
import { SnapshotRecovery } from './snapshot-recovery.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<FeedRecoveryOptions>({
    optionsInjectionToken: Symbol.for('@goalgpt/livescore/feed-recovery-options'),
  })
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();

/**
 * Watches over the feed, asks the provider for what it missed, and knows which matches have no feed. Needs
 * `PostgresModule` and `ScoreWriterModule`; without `ProviderModule` it only watches.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: ResolvedFeedRecoveryOptions, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveFeedRecoveryOptions },
    { provide: LiveMatches, useClass: PgLiveMatches },
    { provide: JournalWatermark, useClass: PgJournalWatermark },
    FeedReport,
    LiveMatchWatch,
    ProviderCacheAge,
    SnapshotRecovery,
    FeedMonitor,
    FeedFreshness,
  ],
  exports: [FeedMonitor, FeedFreshness],
})
export class FeedRecoveryModule extends ConfigurableModuleClass {
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: FeedRecoveryModule };
  }
}
