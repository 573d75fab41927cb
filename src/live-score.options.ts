import type { BroadcastOptions } from './broadcast/broadcast.options.js';
import type { MatchCacheOptions } from './cache/cache.options.js';
import type { DeadLettersOptions } from './dead-letters/dead-letters.options.js';
import type { FeedRecoveryOptions } from './feed-recovery/feed-recovery.options.js';
import type { HealthOptions } from './health/health.options.js';
import type { LeaseOptions } from './lease/lease.options.js';
import type { MqttIngestOptions } from './mqtt-ingest/mqtt-ingest.options.js';
import type { PostgresOptions } from './postgres/postgres.options.js';
import type { ProviderOptions } from './provider/provider.options.js';
import type { RolloutOptions } from './rollout/rollout.options.js';
import type { ScoreWriterOptions } from './score-writer/score-writer.options.js';

/** Options of {@link LiveScoreModule}: those of its features. Whatever is left out has its feature's default. */
export interface LiveScoreOptions {
  /** the feed. @default the provider's broker and topic, no credentials */
  readonly mqtt?: MqttIngestOptions;
  /** the package's own database connections. @default the database of the host's TypeORM `DataSource` */
  readonly postgres?: PostgresOptions;
  /** the provider's REST API: recovery after a gap, and answers about single matches. @default off, no credentials */
  readonly provider?: ProviderOptions;
  /** which of several processes takes the feed. @default on */
  readonly lease?: LeaseOptions;
  readonly writer?: ScoreWriterOptions;
  /** what is done after a gap in the feed, and when it counts as silent */
  readonly recovery?: FeedRecoveryOptions;
  /** what did not reach its row: how much of it is kept, and when it is tried again */
  readonly deadLetters?: DeadLettersOptions;
  readonly cache?: MatchCacheOptions;
  readonly broadcast?: BroadcastOptions;
  readonly health?: HealthOptions;
  /** which matches the direct path takes over from the legacy one; counts with `withRollout` */
  readonly rollout?: RolloutOptions;
}

/** What the module adds to the host; given beside `useFactory` in the asynchronous form. */
export interface LiveScoreExtras {
  /** `GET /health` and the explain route. @default true */
  readonly healthRoutes?: boolean;
  /** `GET /metrics`. @default false */
  readonly metricsRoute?: boolean;
  /**
   * The legacy path is still there: matches are taken over from it stage by stage, none at first. Without it every match
   * goes the direct way. @default false
   */
  readonly withRollout?: boolean;
}
