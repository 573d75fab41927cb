import { type BroadcastOptions, resolveBroadcastOptions } from './broadcast/broadcast.options.js';
import { type MatchCacheOptions, resolveMatchCacheOptions } from './cache/cache.options.js';
import { type DeadLettersOptions, resolveDeadLettersOptions } from './dead-letters/dead-letters.options.js';
import { type FeedRecoveryOptions, resolveFeedRecoveryOptions } from './feed-recovery/feed-recovery.options.js';
import { type ForeignWritersOptions, resolveForeignWritersOptions } from './foreign-writers/foreign-writers.options.js';
import { type HealthOptions, resolveHealthOptions } from './health/health.options.js';
import { InvalidOptionError } from './kernel/livescore.errors.js';
import { type LogsOptions, resolveLogsOptions } from './kernel/logs.options.js';
import { type OptionRule, optionsOf } from './kernel/options.js';
import { object } from './kernel/options-rules.js';
import { type LeaseOptions, resolveLeaseOptions } from './lease/lease.options.js';
import { type MinuteOptions, resolveMinuteOptions } from './minute/minute.options.js';
import { type MqttIngestOptions, resolveMqttIngestOptions } from './mqtt-ingest/mqtt-ingest.options.js';
import { type OperationsOptions, resolveOperationsOptions } from './operations/operations.options.js';
import { type PostgresOptions, resolvePostgresOptions } from './postgres/postgres.options.js';
import { type ProviderOptions, resolveProviderOptions } from './provider/provider.options.js';
import { type RetentionOptions, resolveRetentionOptions } from './retention/retention.options.js';
import { type RolloutOptions, resolveRolloutOptions } from './rollout/rollout.options.js';
import { resolveScoreWriterOptions, type ScoreWriterOptions } from './score-writer/score-writer.options.js';
import { resolveSettlementOptions, type SettlementOptions } from './settlement/settlement.options.js';
import { resolveSyncOptions, type SyncOptions } from './sync/sync.options.js';

/**
 * These options configure {@link LiveScoreModule}: they are those of its features. Whatever is left out has its
 * feature's default.
 */
export interface LiveScoreOptions {
  /** the feed. @default the provider's broker and topic, no credentials */
  readonly mqtt?: MqttIngestOptions;
  /** the package's own database connections. @default the database of the host's TypeORM `DataSource` */
  readonly postgres?: PostgresOptions;
  /** the provider's REST API: recovery after a gap, and answers about single matches. @default off, no credentials */
  readonly provider?: ProviderOptions;
  /** which of several processes takes the feed. @default on */
  readonly lease?: LeaseOptions;
  /** what is written of a match in one statement, and for how long an older word is distrusted */
  readonly writer?: ScoreWriterOptions;
  /** other programs that write match rows: whose word stands */
  readonly foreignWriters?: ForeignWritersOptions;
  /** what is done after a gap in the feed, and when it counts as silent */
  readonly recovery?: FeedRecoveryOptions;
  /** what did not reach its row: how much of it is kept, and when it is tried again */
  readonly deadLetters?: DeadLettersOptions;
  /** for how long journal, letters and decisions are kept */
  readonly retention?: RetentionOptions;
  /** the host's cache: for how long what is kept there */
  readonly cache?: MatchCacheOptions;
  /** the WebSocket endpoint and its bounds, and how other instances hear of commits */
  readonly broadcast?: BroadcastOptions;
  /** what the probes say, and who is told more */
  readonly health?: HealthOptions;
  /** how events are logged: under which service, in which form. @default objects, as `health.service` */
  readonly logs?: LogsOptions;
  /** who writes the minute of matches that are being played, and how long their periods are. @default off, 2x45 */
  readonly minute?: MinuteOptions;
  /** who settles predictions, and after how long. @default off */
  readonly settlement?: SettlementOptions;
  /** teams, players, fixtures and so on as the provider has them. @default off */
  readonly sync?: SyncOptions;
  /** the operations page: who may use it, and where it is. @default off: its routes answer 404 */
  readonly operations?: OperationsOptions;
  /** which matches the direct path takes over from the legacy one; counts with `withRollout` */
  readonly rollout?: RolloutOptions;
}

/** The extras say what the module adds to the host; they are given beside `useFactory` in the asynchronous form. */
export interface LiveScoreExtras {
  /** `GET /health` and the explain route. @default true */
  readonly healthRoutes?: boolean;
  /** `GET /metrics`. @default false */
  readonly metricsRoute?: boolean;
  /** `GET /live/snapshot` and `GET /live/matches/:id`: live state over HTTP, behind the host's guards. @default false */
  readonly liveRoutes?: boolean;
  /**
   * The legacy path is still there: matches are taken over from it stage by stage, none at first. Without it every match
   * goes the direct way. @default false
   */
  readonly withRollout?: boolean;
  /**
   * `gateway` serves clients and nothing else: no feed, no lease, no writes. It hears of commits over the bus
   * (`broadcast.redis`) and in the journal. @default 'both'
   */
  readonly role?: 'both' | 'gateway';
}

const FEATURES = {
  mqtt: feature(resolveMqttIngestOptions),
  postgres: feature(resolvePostgresOptions),
  provider: feature(resolveProviderOptions),
  lease: feature(resolveLeaseOptions),
  writer: feature(resolveScoreWriterOptions),
  foreignWriters: feature(resolveForeignWritersOptions),
  recovery: feature(resolveFeedRecoveryOptions),
  deadLetters: feature(resolveDeadLettersOptions),
  retention: feature(resolveRetentionOptions),
  cache: feature(resolveMatchCacheOptions),
  broadcast: feature(resolveBroadcastOptions),
  health: feature(resolveHealthOptions),
  logs: feature(resolveLogsOptions),
  minute: feature((options?: MinuteOptions) => resolveMinuteOptions(options)),
  settlement: feature((options?: SettlementOptions) => resolveSettlementOptions(options)),
  sync: feature((options?: SyncOptions) => resolveSyncOptions(options)),
  operations: feature(resolveOperationsOptions),
  rollout: feature((options?: RolloutOptions) => resolveRolloutOptions(options)),
};

/** All set, each feature's options as the host gave them and sound. Also the injection token inside the composition. */
export class ResolvedLiveScoreOptions extends optionsOf('LiveScoreModule', object(FEATURES)) {}

/** @throws InvalidOptionError with what is wrong in all features */
export function resolveLiveScoreOptions(
  options: LiveScoreOptions = {},
  { withRollout = false }: LiveScoreExtras = {},
): ResolvedLiveScoreOptions {
  if (withRollout) return new ResolvedLiveScoreOptions(options);
  // without a rollout nobody reads its options
  const { rollout = {}, ...others } = options;
  return { ...new ResolvedLiveScoreOptions(others), rollout };
}

/** What a feature has wrong is told under the name of its own module. */
function feature<Options extends object>(resolve: (options?: Options) => object): OptionRule<Options> {
  return (value, place) => {
    const options = (value ?? {}) as Options;
    try {
      resolve(options);
    } catch (error) {
      if (!(error instanceof InvalidOptionError)) throw error;
      place.adopt(error.faults);
    }
    return options;
  };
}
