import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { MatchTimes, STANDARD_TIMES } from '../contracts/match-times.js';
import { Clock } from '../kernel/clock.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { optionsModule } from '../kernel/options-module.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ReadDatabase } from '../postgres/database.js';
import { RecentChanges } from '../reannounce/ports/recent-changes.js';
import { LiveController } from './adapters/http/live.controller.js';
import { LiveReaders } from './adapters/http/live-readers.js';
import { LocalBroadcastBus } from './adapters/local/local-broadcast-bus.js';
import { NestMessagePipeline } from './adapters/nest/nest-message-pipeline.js';
import { PgBoardStore } from './adapters/pg/pg-board-store.js';
import { RedisBroadcastBus } from './adapters/redis/redis-broadcast-bus.js';
import { BroadcastGateway } from './adapters/ws/broadcast.gateway.js';
import { EndpointServer } from './adapters/ws/endpoint-server.js';
import { MatchBoard } from './board/match-board.js';
import { BoardParts } from './board-parts.js';
import { BoardReader } from './board-reader.service.js';
import { type BroadcastOptions, ResolvedBroadcastOptions, resolveBroadcastOptions } from './broadcast.options.js';
import { BroadcastService } from './broadcast.service.js';
import { BroadcastFeed } from './broadcast-feed.js';
import { BroadcastFollower } from './broadcast-follower.js';
import { BroadcastHealthProbe } from './broadcast-health-probe.js';
import { CentrifugoFeed } from './centrifugo-feed.js';
import { GapFiller } from './follow/gap-filler.js';
import { JournalHistory } from './follow/journal-history.js';
import { HostBroadcaster } from './host-broadcaster.js';
import { OthersInCache } from './others-in-cache.js';
import { Audience } from './ports/audience.js';
import { BoardStore } from './ports/board-store.js';
import { BroadcastBus } from './ports/broadcast-bus.js';
import { BroadcastStats } from './ports/broadcast-stats.js';
import { ConnectCatchUp } from './ports/connect-catch-up.js';
import { LiveListeners } from './ports/live-listeners.js';
import { MessagePipeline } from './ports/message-pipeline.js';
import { MissingVersions } from './ports/missing-versions.js';
import { VersionHistory } from './ports/version-history.js';

/** What changes the module's routes. */
export interface BroadcastExtras {
  /** `GET /live/snapshot` and `GET /live/matches/:id`, as routes of the host: see docs/live-http.md. @default false */
  readonly liveRoutes?: boolean;
}

const DEFAULT_EXTRAS: Required<BroadcastExtras> = { liveRoutes: false };

/**
 * The module serves the WebSocket endpoint (`/ws`) on the host's HTTP server, Express or Fastify, beside its other
 * endpoints. A host that binds `LegacyBroadcastPort` keeps its own endpoint instead.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    {
      provide: MatchBoard,
      inject: [ResolvedBroadcastOptions, Scheduler],
      useFactory: (options: ResolvedBroadcastOptions, scheduler: Scheduler) => new MatchBoard(options, scheduler),
    },
    BroadcastFeed,
    BoardReader,
    BoardParts,
    {
      provide: BroadcastBus,
      inject: [ResolvedBroadcastOptions, Scheduler, LiveScoreMetrics],
      useFactory: ({ redis }: ResolvedBroadcastOptions, scheduler: Scheduler, metrics: LiveScoreMetrics) =>
        redis ? new RedisBroadcastBus(redis, { scheduler, metrics }) : new LocalBroadcastBus(),
    },
    {
      provide: BoardStore,
      inject: [{ token: ReadDatabase, optional: true }],
      useFactory: (database?: ReadDatabase) => database && new PgBoardStore(database),
    },
    {
      provide: VersionHistory,
      inject: [{ token: RecentChanges, optional: true }, Clock, { token: MatchTimes, optional: true }],
      useFactory: (journal: RecentChanges | undefined, clock: Clock, times: MatchTimes = STANDARD_TIMES) =>
        journal && new JournalHistory(journal, clock, times),
    },
    {
      provide: MissingVersions,
      inject: [
        { token: RecentChanges, optional: true },
        { token: BoardStore, optional: true },
        Scheduler,
        Clock,
        { token: MatchTimes, optional: true },
      ],
      useFactory: (
        journal: RecentChanges | undefined,
        store: BoardStore | undefined,
        scheduler: Scheduler,
        clock: Clock,
        times?: MatchTimes,
      ) => journal && store && new GapFiller(journal, scheduler, clock, times),
    },
    BroadcastFollower,
    CentrifugoFeed,
    { provide: MessagePipeline, useClass: NestMessagePipeline },
    EndpointServer,
    BroadcastGateway,
    { provide: BroadcastStats, useExisting: BroadcastGateway },
    { provide: ConnectCatchUp, useExisting: BroadcastGateway },
    { provide: LiveListeners, useExisting: BroadcastGateway },
    OthersInCache,
    HostBroadcaster,
    BroadcastService,
    { provide: Audience, useExisting: BroadcastFeed },
    BroadcastHealthProbe,
  ],
  exports: [
    BroadcastService,
    Audience,
    BroadcastStats,
    BroadcastFeed,
    MatchBoard,
    BoardReader,
    ResolvedBroadcastOptions,
  ],
})
export class BroadcastModule extends optionsModule(
  'broadcast',
  ResolvedBroadcastOptions,
  (options?: BroadcastOptions) => resolveBroadcastOptions(options),
  DEFAULT_EXTRAS,
  (definition, { liveRoutes }) => ({
    ...definition,
    providers: [...(definition.providers ?? []), ...(liveRoutes ? [LiveReaders] : [])],
    controllers: [...(definition.controllers ?? []), ...(liveRoutes ? [LiveController] : [])],
  }),
) {}
