// One instance of the worker, with jobs that only write down that they ran: forked by the program, never imported.
import pg from 'pg';
import { WriteFence } from '../../../src/contracts/write-fence.js';
import { SystemClock } from '../../../src/kernel/clock.js';
import { LiveScoreMetrics } from '../../../src/kernel/livescore-metrics.js';
import { SystemScheduler } from '../../../src/kernel/scheduler.js';
import { PgDatabase } from '../../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../../src/postgres/postgres.options.js';
import type { ProviderStatus } from '../../../src/provider/provider-status.service.js';
import { PgSyncRuns } from '../../../src/sync/adapters/pg/pg-sync-runs.js';
import { resolveSyncOptions } from '../../../src/sync/sync.options.js';
import { SyncJobs } from '../../../src/sync/sync-jobs.js';
import { EntitySyncWorker } from '../../../src/sync/sync-worker.service.js';
import { TickJob } from './tick-job.js';
import { cronOf, jobName, TAKE_OVER_AFTER_MS, type TickPlan } from './tick-plan.js';

export interface TickWorkerSettings {
  readonly databaseUrl: string;
  readonly plan: TickPlan;
}

const { databaseUrl, plan } = JSON.parse(process.env.CHAOS ?? '{}') as TickWorkerSettings;
const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
const database = new PgDatabase({ connectionString: databaseUrl }, resolvePostgresOptions());
const jobs = Array.from({ length: plan.jobs }, (_, nth) => new TickJob(jobName(nth), cronOf(nth), pool, plan.workMs));
const options = resolveSyncOptions({ mode: 'on', jitterMs: 2_000, takeOverAfterMs: TAKE_OVER_AFTER_MS }, {});
const worker = new EntitySyncWorker(
  options,
  new PgSyncRuns(database),
  new SyncJobs(jobs, new Map()),
  new WriteFence(),
  { enabled: true } as ProviderStatus,
  new SystemScheduler(),
  new SystemClock(),
  new LiveScoreMetrics(),
);

process.once('SIGTERM', async () => {
  await worker.onModuleDestroy();
  await Promise.all([pool.end(), database.close()]);
  process.exit(0);
});
process.once('disconnect', () => process.exit(1));
await worker.onApplicationBootstrap();
await worker.look();
process.send?.({ ready: true });
