// One instance of the worker, with jobs that only write down that they ran: forked by the program, never imported.
import { ConsoleLogger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { closeOnSignals } from '../../../examples/host/close-on-signals.js';
import { WriteFence } from '../../../src/contracts/write-fence.js';
import { KernelModule } from '../../../src/kernel/kernel.module.js';
import { PgDatabase } from '../../../src/postgres/adapters/pg/pg-database.js';
import { resolvePostgresOptions } from '../../../src/postgres/postgres.options.js';
import { ProviderStatus } from '../../../src/provider/provider-status.service.js';
import { PgSyncRuns } from '../../../src/sync/adapters/pg/pg-sync-runs.js';
import { SyncRuns } from '../../../src/sync/ports/sync-runs.js';
import { RunReport } from '../../../src/sync/run-report.js';
import { ResolvedSyncOptions, resolveSyncOptions } from '../../../src/sync/sync.options.js';
import { SyncJobs } from '../../../src/sync/sync-jobs.js';
import { SyncState } from '../../../src/sync/sync-state.js';
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

@Module({
  imports: [KernelModule],
  providers: [
    { provide: ResolvedSyncOptions, useValue: options },
    { provide: SyncRuns, useValue: new PgSyncRuns(database) },
    { provide: SyncJobs, useValue: new SyncJobs(jobs, new Map()) },
    { provide: ProviderStatus, useValue: { enabled: true } },
    WriteFence,
    SyncState,
    RunReport,
    EntitySyncWorker,
  ],
})
class TickWorker {}

const app = await NestFactory.createApplicationContext(TickWorker, { logger: new ConsoleLogger({ compact: true }) });
closeOnSignals(async () => {
  await app.close();
  await Promise.all([pool.end(), database.close()]);
});
process.once('disconnect', () => process.exit(1));
await app.get(EntitySyncWorker).look();
process.send?.({ ready: true });
