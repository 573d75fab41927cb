import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { PgJournalWatermark } from './adapters/pg/pg-journal-watermark.js';
import { PgLiveMatches } from './adapters/pg/pg-live-matches.js';
import { FeedFreshness } from './feed-freshness.service.js';
import { FeedHealthProbe } from './feed-health-probe.js';
import { FeedMonitor } from './feed-monitor.service.js';
import { ResolvedFeedRecoveryOptions, resolveFeedRecoveryOptions } from './feed-recovery.options.js';
import { FeedReport } from './feed-report.js';
import { FeedSigns } from './feed-signs.js';
import { LiveMatchWatch } from './live-match-watch.js';
import { JournalWatermark } from './ports/journal-watermark.js';
import { LiveMatches } from './ports/live-matches.js';
import { ProviderCacheAge } from './provider-cache-age.js';
import { RecoveryRuns } from './recovery-runs.js';
import { SilentSession } from './silent-session.js';
import { SnapshotRecovery } from './snapshot-recovery.js';
import { Subscriptions } from './subscriptions.js';
import { Watermark } from './watermark.js';

/**
 * The module watches over the feed, asks the provider for what it missed, and knows which matches have no feed. Needs
 * `PostgresModule` and `ScoreWriterModule`; without `ProviderModule` it only watches.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: LiveMatches, useClass: PgLiveMatches },
    { provide: JournalWatermark, useClass: PgJournalWatermark },
    FeedReport,
    LiveMatchWatch,
    ProviderCacheAge,
    SnapshotRecovery,
    Subscriptions,
    FeedSigns,
    Watermark,
    RecoveryRuns,
    FeedMonitor,
    SilentSession,
    FeedFreshness,
    FeedHealthProbe,
  ],
  exports: [FeedMonitor, FeedFreshness],
})
export class FeedRecoveryModule extends optionsModule(
  'feed-recovery',
  ResolvedFeedRecoveryOptions,
  resolveFeedRecoveryOptions,
) {}
