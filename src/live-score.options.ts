import type { BroadcastOptions } from './broadcast/broadcast.options.js';
import type { MatchCacheOptions } from './cache/cache.options.js';
import type { HealthOptions } from './health/health.options.js';
import type { MqttIngestOptions } from './mqtt-ingest/mqtt-ingest.options.js';
import type { PostgresOptions } from './postgres/postgres.options.js';
import type { ScoreWriterOptions } from './score-writer/score-writer.options.js';

/** Options of {@link LiveScoreModule}: those of its features. Whatever is left out has its feature's default. */
export interface LiveScoreOptions {
  /** the feed. @default the provider's broker and topic, no credentials */
  readonly mqtt?: MqttIngestOptions;
  /** the package's own database connections. @default the database of the host's TypeORM `DataSource` */
  readonly postgres?: PostgresOptions;
  readonly writer?: ScoreWriterOptions;
  readonly cache?: MatchCacheOptions;
  readonly broadcast?: BroadcastOptions;
  readonly health?: HealthOptions;
}

/** Which HTTP routes the module adds to the host; given beside `useFactory` in the asynchronous form. */
export interface LiveScoreExtras {
  /** `GET /health` and the explain route. @default true */
  readonly healthRoutes?: boolean;
  /** `GET /metrics`. @default false */
  readonly metricsRoute?: boolean;
}
