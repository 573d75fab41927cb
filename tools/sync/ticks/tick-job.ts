import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { RunEnd } from '../../../src/domain/sync/run-facts.js';
import type { JobRun } from '../../../src/sync/job-run.js';
import { SyncJob } from '../../../src/sync/sync-job.js';

/** The tick is that of the run as it was claimed. */
const BEGAN = `
  INSERT INTO chaos_run (entity, tick_at, run_id, pid)
  SELECT entity, tick_at, run_id, $3::integer FROM livescore_sync_status WHERE entity = $1 AND run_id = $2`;
const DONE = 'UPDATE chaos_run SET done_at = clock_timestamp() WHERE run_id = $1';

/** Writes down that its tick was done. */
export class TickJob extends SyncJob {
  override readonly replaces = 'nothing';
  override readonly needsFeed = true;
  override readonly schedules;

  constructor(
    override readonly name: string,
    cron: string,
    private readonly pool: Pool,
    private readonly workMs: number,
  ) {
    super();
    this.schedules = [{ cron, kind: 'incremental' }] as const;
  }

  override async run({ runId }: JobRun): Promise<RunEnd> {
    await this.pool.query(BEGAN, [this.name, runId, process.pid]);
    await sleep(this.workMs);
    await this.pool.query(DONE, [runId]);
    return { verdict: 'complete' };
  }
}
