import { Subject } from 'rxjs';
import type { WriteFence } from '../../src/contracts/write-fence.js';
import type { JobSchedule, RunEnd } from '../../src/domain/sync/run-facts.js';
import { EventLog } from '../../src/kernel/event-log.js';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { PgDatabase } from '../../src/postgres/adapters/pg/pg-database.js';
import type { ProviderStatus } from '../../src/provider/provider-status.service.js';
import type { ScheduleRegistration } from '../../src/schedule/ports/schedule-registration.js';
import { PgSyncRuns } from '../../src/sync/adapters/pg/pg-sync-runs.js';
import type { JobRun } from '../../src/sync/job-run.js';
import { RunReport } from '../../src/sync/run-report.js';
import { resolveSyncOptions, type SyncOptions } from '../../src/sync/sync.options.js';
import { SyncJob } from '../../src/sync/sync-job.js';
import { SyncJobs } from '../../src/sync/sync-jobs.js';
import { SyncState } from '../../src/sync/sync-state.js';
import { EntitySyncWorker } from '../../src/sync/sync-worker.service.js';
import { FakeClock } from '../../src/testing/index.js';
import { PATIENT_POSTGRES } from './patient-postgres.js';

/** A job that does what the spec says. */
export class SpecJob extends SyncJob {
  override readonly replaces = 'nothing';
  override schedules: readonly JobSchedule[] = [];
  override needsFeed = false;

  constructor(
    override readonly name: string,
    private readonly work: (run: JobRun) => Promise<RunEnd>,
    private readonly isEntity = true,
  ) {
    super();
  }

  override get canDiff(): boolean {
    return this.isEntity;
  }

  override run(run: JobRun): Promise<RunEnd> {
    return this.work(run);
  }
}

/** One instance of a platform: the worker with a clock of its own, on a database that all share. */
export class SyncInstance {
  readonly worker: EntitySyncWorker;
  readonly lost$ = new Subject<void>();
  private readonly fence = { granted: true, lost$: this.lost$ };
  private readonly connection: PgDatabase;
  private readonly state: SyncState;

  constructor(
    url: string,
    jobs: readonly SyncJob[],
    options: SyncOptions = {},
    wake$ = new Subject<string>(),
    registration?: ScheduleRegistration,
  ) {
    this.connection = new PgDatabase({ connectionString: url }, PATIENT_POSTGRES);
    const resolved = resolveSyncOptions({ mode: 'on', pollMs: 100, jitterMs: 0, ...options }, {});
    const all = new SyncJobs(jobs, resolved.jobs, wake$);
    this.state = new SyncState(resolved, all, registration);
    this.worker = new EntitySyncWorker(
      resolved,
      new PgSyncRuns(this.connection),
      all,
      this.state,
      new RunReport(new LiveScoreMetrics(), new EventLog(new FakeClock())),
      this.fence as unknown as WriteFence,
      { enabled: true } as ProviderStatus,
      new SystemScheduler(),
    );
  }

  /** Another instance takes the feed, or this one. */
  takeFeed(granted: boolean): void {
    this.fence.granted = granted;
    if (!granted) this.lost$.next();
  }

  start(): Promise<void> {
    return this.worker.onApplicationBootstrap();
  }

  async stop(): Promise<void> {
    await this.worker.onModuleDestroy();
    this.state.onModuleDestroy();
    await this.connection.close();
  }
}
