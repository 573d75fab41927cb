import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { WriteFence } from '../contracts/write-fence.js';
import { optionsModule } from '../kernel/options-module.js';
import { whereDatabase } from '../postgres/database.js';
import { ScheduleNamesModule } from '../schedule/schedule-names.module.js';
import { PgChangeStore } from './adapters/pg/pg-change-store.js';
import { PgDeletionStore } from './adapters/pg/pg-deletion-store.js';
import { PgEntityStore } from './adapters/pg/pg-entity-store.js';
import { PgFixtureStore } from './adapters/pg/pg-fixture-store.js';
import { PgStaleMatches } from './adapters/pg/pg-stale-matches.js';
import { PgSyncDesk } from './adapters/pg/pg-sync-desk.js';
import { PgSyncRuns } from './adapters/pg/pg-sync-runs.js';
import { EntityPages } from './entity/entity-pages.js';
import { EntitySync } from './entity/entity-sync.js';
import { ExtraEntityRows } from './entity/extra-entity-rows.js';
import { ENTITIES } from './entity/list/index.js';
import { PageReader } from './entity/page-reader.js';
import { TEAM_DATA, TEAM_LOGO, TeamLookup } from './entity/team-lookup.js';
import { ChangeRoutes } from './match/change-routes.js';
import { ChangesJob } from './match/changes-job.js';
import { DeletedJob } from './match/deleted-job.js';
import { DiaryJob } from './match/diary-job.js';
import { FixtureSaver } from './match/fixture-saver.js';
import { LiveJob } from './match/live-job.js';
import { MatchIntake } from './match/match-intake.js';
import { MatchLists } from './match/match-lists.js';
import { MatchSyncSettings } from './match/match-sync-settings.js';
import { PulledUpdates } from './match/pulled-updates.js';
import { RecentJob } from './match/recent-job.js';
import { UnknownMatches } from './match/unknown-matches.js';
import { ChangeStore } from './ports/change-store.js';
import { DeletionStore } from './ports/deletion-store.js';
import { EntityStore } from './ports/entity-store.js';
import { ExtraEntities } from './ports/extra-entities.js';
import { FixtureStore } from './ports/fixture-store.js';
import { StaleMatches } from './ports/stale-matches.js';
import { SyncDesk } from './ports/sync-desk.js';
import { SyncRuns } from './ports/sync-runs.js';
import { RunReport } from './run-report.js';
import { ResolvedSyncOptions, resolveSyncOptions, type SyncOptions } from './sync.options.js';
import { SyncHealthProbe } from './sync-health-probe.js';
import { SyncJobs } from './sync-jobs.js';
import { SyncState } from './sync-state.js';
import { EntitySyncWorker } from './sync-worker.service.js';
import { LiveLists } from './watch/live-lists.js';
import { MatchViews } from './watch/match-views.js';
import { StaleMarks } from './watch/stale-marks.js';
import { WatchHealthProbe } from './watch/watch-health-probe.js';
import { WatchReport } from './watch/watch-report.js';
import { WatchdogJob } from './watch/watchdog-job.js';

const MATCH_JOBS = [ChangesJob, LiveJob, RecentJob, DiaryJob, DeletedJob, WatchdogJob];

/**
 * The module keeps teams, players and the other entities, fixtures and what changed about them as the provider has
 * them. Everything about a score goes through the writer. Needs `PostgresModule`, `ProviderModule` and
 * `ScoreWriterModule`.
 */
@Module({
  imports: [ContractsModule, ScheduleNamesModule],
  providers: [
    { provide: ChangeStore, useClass: PgChangeStore },
    { provide: DeletionStore, useClass: PgDeletionStore },
    { provide: EntityStore, useClass: PgEntityStore },
    { provide: FixtureStore, useClass: PgFixtureStore },
    { provide: StaleMatches, useClass: PgStaleMatches },
    { provide: SyncRuns, useClass: PgSyncRuns },
    whereDatabase(SyncDesk, PgSyncDesk),
    { provide: ExtraEntities, useClass: ExtraEntityRows },
    {
      provide: MatchSyncSettings,
      inject: [ResolvedSyncOptions],
      useFactory: ({ dayOffsetHours, diaryDays, liveEveryS }: ResolvedSyncOptions): MatchSyncSettings => ({
        operatorsOffsetHours: dayOffsetHours,
        diaryDays,
        liveEveryS,
      }),
    },
    WriteFence,
    PageReader,
    EntityPages,
    ChangeRoutes,
    FixtureSaver,
    MatchIntake,
    MatchLists,
    PulledUpdates,
    UnknownMatches,
    LiveLists,
    MatchViews,
    StaleMarks,
    WatchReport,
    ...MATCH_JOBS,
    {
      provide: SyncJobs,
      inject: [ResolvedSyncOptions, EntityPages, EntityStore, UnknownMatches, ...MATCH_JOBS],
      useFactory: (
        { jobs }: ResolvedSyncOptions,
        pages: EntityPages,
        store: EntityStore,
        { wake$ }: UnknownMatches,
        ...matchJobs: InstanceType<(typeof MATCH_JOBS)[number]>[]
      ) => {
        const entities = ENTITIES.map((entity) => new EntitySync(entity, pages));
        const lookups = [TEAM_DATA, TEAM_LOGO].map((facts) => new TeamLookup(facts, pages, store));
        return new SyncJobs([...matchJobs, ...entities, ...lookups], jobs, wake$);
      },
    },
    SyncState,
    RunReport,
    EntitySyncWorker,
    SyncHealthProbe,
    WatchHealthProbe,
  ],
  exports: [EntitySyncWorker, StaleMatches, SyncDesk],
})
export class SyncModule extends optionsModule('sync', ResolvedSyncOptions, (options?: SyncOptions) =>
  resolveSyncOptions(options),
) {}
