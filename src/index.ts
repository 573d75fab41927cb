export { AfterCommitModule } from './after-commit/after-commit.module.js';
export { BroadcastModule } from './broadcast/broadcast.module.js';
export type { BroadcastOptions } from './broadcast/broadcast.options.js';
export { BroadcastStats } from './broadcast/ports/broadcast-stats.js';
export type { LegacyFrame } from './broadcast/ports/legacy-frame.js';
export { MatchCacheModule } from './cache/cache.module.js';
export type { MatchCacheOptions } from './cache/cache.options.js';
export { diaryCacheKey } from './cache/cache-keys.js';
export { CachedReads } from './cache/cached-reads.service.js';
export { decide } from './domain/decide.js';
export type { MatchEvent } from './domain/match-event.js';
export { matchMinute, minuteText } from './domain/match-minute.js';
export type { MatchState } from './domain/match-state.js';
export { isLive, MatchStatus } from './domain/match-status.js';
export type { Incident, MatchUpdate, ScoreReport, UpdateSource } from './domain/match-update.js';
export type { Outcome } from './domain/outcome.js';
export { displayScore, type Slots } from './domain/score.js';
export { HealthModule } from './health/health.module.js';
export type { HealthOptions } from './health/health.options.js';
export { HealthReport, type Liveness } from './health/health-report.js';
export { LiveScoreModule } from './live-score.module.js';
export type { LiveScoreExtras, LiveScoreOptions } from './live-score.options.js';
export { MatchDetailsModule } from './match-details/match-details.module.js';
export { connectLiveScoreFeed } from './mqtt-ingest/connect-feed.js';
export { MqttFeedStatus } from './mqtt-ingest/mqtt-feed-status.service.js';
export { MqttIngestModule } from './mqtt-ingest/mqtt-ingest.module.js';
export type { MqttIngestOptions } from './mqtt-ingest/mqtt-ingest.options.js';
export { PostgresModule } from './postgres/postgres.module.js';
export type { PostgresOptions } from './postgres/postgres.options.js';
export { ScoreWriter } from './score-writer/score-writer.js';
export { ScoreWriterModule } from './score-writer/score-writer.module.js';
export type { ScoreWriterOptions } from './score-writer/score-writer.options.js';
export { Clock } from './shared/clock.js';
export {
  type Committed,
  CommittedChanges,
  type IncidentsCommitted,
  type ScoreCommitted,
} from './shared/committed-changes.js';
export { InvalidOptionError, LiveScoreError } from './shared/livescore.errors.js';
export { LiveScoreMetrics } from './shared/livescore-metrics.js';
export { type Settled, UpdateSink } from './shared/update-sink.js';
