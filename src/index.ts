export { AfterCommitModule } from './after-commit/after-commit.module.js';
export { BroadcastModule } from './broadcast/broadcast.module.js';
export type { BroadcastOptions } from './broadcast/broadcast.options.js';
export { BroadcastStats } from './broadcast/ports/broadcast-stats.js';
export type { ClientFrame } from './broadcast/ports/client-frame.js';
export { LegacyBroadcastPort } from './broadcast/ports/legacy-broadcast.js';
export { MatchCacheModule } from './cache/cache.module.js';
export type { MatchCacheOptions } from './cache/cache.options.js';
export { diaryCacheKey } from './cache/cache-keys.js';
export { CachedReads } from './cache/cached-reads.service.js';
export {
  type Committed,
  CommittedChanges,
  type IncidentsCommitted,
  type ScoreCommitted,
} from './contracts/committed-changes.js';
export { type DeadLetter, type DeadLetterReason, DeadLetterSink } from './contracts/dead-letter-sink.js';
export { IngestLease, type LeaseTerm } from './contracts/ingest-lease.js';
export { type MatchRoute, MatchRouter } from './contracts/match-router.js';
export { type Receipt, UpdateSink } from './contracts/update-sink.js';
export { DeadLettersModule } from './dead-letters/dead-letters.module.js';
export type { DeadLettersOptions } from './dead-letters/dead-letters.options.js';
export { decide } from './domain/decide.js';
export type { MatchEvent } from './domain/match-event.js';
export { matchMinute, minuteText } from './domain/match-minute.js';
export type { MatchState } from './domain/match-state.js';
export { isLive, MatchStatus } from './domain/match-status.js';
export type { Incident, MatchUpdate, ScoreReport, UpdateSource } from './domain/match-update.js';
export type { Outcome } from './domain/outcome.js';
export { displayScore, type Slots } from './domain/score.js';
export { FeedFreshness, type FreshnessCounts, type MatchFeed } from './feed-recovery/feed-freshness.service.js';
export { FeedMonitor, type RecoveryFacts } from './feed-recovery/feed-monitor.service.js';
export { FeedRecoveryModule } from './feed-recovery/feed-recovery.module.js';
export type { FeedRecoveryOptions } from './feed-recovery/feed-recovery.options.js';
export type { FeedState } from './feed-recovery/feed-state.js';
export type { FeedStateChanged } from './feed-recovery/feed-state-changed.js';
export { ForeignWritersModule } from './foreign-writers/foreign-writers.module.js';
export { HealthModule } from './health/health.module.js';
export type { HealthOptions } from './health/health.options.js';
export { HealthReport, type Liveness } from './health/health-report.js';
export { Readiness, type ReadinessReport } from './health/readiness.js';
export { Clock } from './kernel/clock.js';
export { InvalidOptionError, LiveScoreError } from './kernel/livescore.errors.js';
export { LiveScoreMetrics } from './kernel/livescore-metrics.js';
export { LeaseModule } from './lease/lease.module.js';
export type { LeaseOptions } from './lease/lease.options.js';
export type { MinuteRow } from './legacy-bridge/compute-minute.js';
export { DirectOrchestrator } from './legacy-bridge/direct-orchestrator.service.js';
export { LegacyCallersModule } from './legacy-bridge/legacy-callers.module.js';
export { LegacyEvents } from './legacy-bridge/legacy-events.service.js';
export {
  type FieldUpdate,
  LegacyOrchestrator,
  type MatchUpdated,
  type UpdateResult,
} from './legacy-bridge/ports/legacy-orchestrator.js';
export {
  type LegacyQueueItem,
  type LegacyQueueStats,
  LegacyScorePath,
} from './legacy-bridge/ports/legacy-score-path.js';
export { LiveScoreModule } from './live-score.module.js';
export type { LiveScoreExtras, LiveScoreOptions } from './live-score.options.js';
export { MatchDetailsModule } from './match-details/match-details.module.js';
export { connectLiveScoreFeed } from './mqtt-ingest/connect-feed.js';
export { MqttFeedStatus } from './mqtt-ingest/mqtt-feed-status.service.js';
export { MqttIngestModule } from './mqtt-ingest/mqtt-ingest.module.js';
export type { MqttIngestOptions } from './mqtt-ingest/mqtt-ingest.options.js';
export { PostgresModule } from './postgres/postgres.module.js';
export type { PostgresOptions } from './postgres/postgres.options.js';
export { type LiveSnapshot, ProviderApi } from './provider/ports/provider-api.js';
export { ProviderError, type ProviderFailure } from './provider/provider.errors.js';
export { ProviderModule } from './provider/provider.module.js';
export type { ProviderOptions } from './provider/provider.options.js';
export { type ProviderFault, ProviderStatus } from './provider/provider-status.service.js';
export { ReannounceModule } from './reannounce/reannounce.module.js';
export type {
  RolloutChange,
  RolloutDecision,
  RolloutSetting,
  RolloutSnapshot,
  RolloutStage,
  RolloutStep,
} from './rollout/ports/rollout-store.js';
export { RolloutModule } from './rollout/rollout.module.js';
export type { RolloutOptions } from './rollout/rollout.options.js';
export { type RolloutChanged, RolloutState } from './rollout/routing/rollout-state.service.js';
export { RolloutController } from './rollout/watch/rollout-controller.service.js';
export type { RolloutLimits, RolloutWatchOptions } from './rollout/watch/rollout-watch.options.js';
export { ScoreWriter } from './score-writer/score-writer.js';
export { ScoreWriterModule } from './score-writer/score-writer.module.js';
export type { ScoreWriterOptions } from './score-writer/score-writer.options.js';
